import { withoutCredentials } from "@/lib/without-credentials";
import { listAlerts, markRead } from "@/server/alerts/alert-repository";
import { listReceivers, raiseTestAlert } from "@/server/alerts/receiver-repository";
import { jaegerApiUrl, otlpUrl } from "@/server/config/address";
import { env } from "@/server/config/env";
import { isCollectorKnownEmbedded } from "@/server/processes/embedded-collector";
import {
  type ActivityQuery,
  type ActivityReply,
  type AlertsReply,
  alertsReplySchema,
  type Connection,
  type ReceiversReply,
  receiversReplySchema,
} from "../contract";
import { listActivityEvents } from "./activity-repository";

export { exportActivity } from "./export-activity";
export { readSettings } from "./read-settings";

/** One page of who did what. One row more than asked for is read, to know whether there is a next page. */
export async function listActivity({ limit, ...query }: ActivityQuery): Promise<ActivityReply> {
  const events = await listActivityEvents({ ...query, limit: limit + 1 });
  const page = events.slice(0, limit);
  return { events: page, nextBefore: events.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** How people and programs reach this console, from its settings. */
export function readConnection(): Connection {
  const { JAEGER_URL, RUNBOOKS, S3_ENDPOINT, AWS_PROFILE } = env();
  return {
    otlpUrl: otlpUrl(),
    jaegerApiUrl: jaegerApiUrl(),
    foreignJaegerUrl: JAEGER_URL === undefined || isCollectorKnownEmbedded() ? null : withoutCredentials(JAEGER_URL),
    runbookSources: (RUNBOOKS ?? ["./runbooks"]).map(withoutCredentials),
    s3Endpoint: S3_ENDPOINT === undefined ? null : withoutCredentials(S3_ENDPOINT),
    awsProfile: AWS_PROFILE ?? null,
  };
}

type Reader = { id: string; name: string };

/** The newest alerts as this person has read them. */
export async function readAlerts({ id, name }: Reader): Promise<AlertsReply> {
  return alertsReplySchema.parse(await listAlerts(`${id}:${name}`));
}

/** Everything up to this alert is read by this person; answers with the list after it. */
export async function markAlertsRead(upTo: number, reader: Reader): Promise<AlertsReply> {
  await markRead(`${reader.id}:${reader.name}`, upTo);
  return readAlerts(reader);
}

/** Where alerts go beside the console, and what became of the last ones. */
export async function readReceivers(): Promise<ReceiversReply> {
  return receiversReplySchema.parse({ receivers: await listReceivers() });
}

/** Raises an alert that only tests the way; answers with the receivers it goes to. */
export async function sendTestAlert(asker: string): Promise<ReceiversReply> {
  await raiseTestAlert(asker);
  return readReceivers();
}
