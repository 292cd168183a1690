import * as z from "zod/mini";
import { MAX_NAME_LENGTH } from "@/lib/viewer-name";

/** What narrows the activity: who, what kind of thing (`run`, `s3-migration`), what it was done to. */
const activityFilter = {
  actor: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  kind: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,40}$/))),
  subject: z.optional(z.string().check(z.minLength(1), z.maxLength(300))),
};
export type ActivityFilter = { actor?: string | undefined; kind?: string | undefined; subject?: string | undefined };

/** `GET /api/activity/export`: all of it as a file, oldest first. */
export const activityExportQuerySchema = z.strictObject({ ...activityFilter, format: z.enum(["csv", "jsonl"]) });

/** `GET /api/activity`: who did what, newest first; `before` is the id of the last event of the page before. */
export const activityQuerySchema = z.strictObject({
  ...activityFilter,
  before: z.optional(z.coerce.number().check(z.int(), z.minimum(1))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
});
export type ActivityQuery = z.output<typeof activityQuerySchema>;

export const activityEventSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  actor: z.string(),
  /** `s3-migration.pause`: what kind of thing, and what was done to it. */
  action: z.string(),
  /** `s3-migration:<id>`, `run:<id>`, or a bare name. */
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** Hexadecimal; each row's hash covers the hash before it (docs/audit.md). */
  hash: z.string(),
});
export type ActivityEvent = z.infer<typeof activityEventSchema>;

export const activityReplySchema = z.object({
  events: z.array(activityEventSchema),
  /** Pass as `before` for the next page; `null` at the end. */
  nextBefore: z.nullable(z.number()),
});
export type ActivityReply = z.infer<typeof activityReplySchema>;

export const alertSchema = z.object({
  id: z.number(),
  /** The same in every delivery of it. */
  uid: z.uuid(),
  kind: z.enum(["stall", "throttle", "error_budget", "credentials", "listing", "done", "test"]),
  severity: z.enum(["info", "warning", "critical"]),
  /** `s3-migration:<id>`, or `console`. */
  subject: z.string(),
  title: z.string(),
  body: z.string(),
  at: z.iso.datetime(),
  isRead: z.boolean(),
  /** Where it goes beside this list, and how far it came. */
  deliveries: z.array(
    z.object({
      channel: z.enum(["webhook", "email"]),
      target: z.string(),
      state: z.enum(["waiting", "retrying", "delivered", "given_up"]),
      attempts: z.number(),
      error: z.nullable(z.string()),
    }),
  ),
});
export type Alert = z.infer<typeof alertSchema>;
/** `GET /api/alerts`: at most 50, newest first. */
export const alertsReplySchema = z.object({ alerts: z.array(alertSchema), unread: z.number() });
export type AlertsReply = z.infer<typeof alertsReplySchema>;
/** `GET /api/alerts/receivers`: where alerts go beside the console, as its workers say. */
export const receiversReplySchema = z.object({
  receivers: z.array(
    z.object({
      channel: z.enum(["webhook", "email"]),
      /** Without what may be secret in it. */
      target: z.string(),
      /** What keeps anything from being sent to it. */
      problem: z.nullable(z.string()),
      waiting: z.number(),
      givenUp: z.number(),
      deliveredAt: z.nullable(z.iso.datetime()),
      /** Of the last attempt, while nothing has been delivered since. */
      error: z.nullable(z.string()),
    }),
  ),
});
export type ReceiversReply = z.infer<typeof receiversReplySchema>;
export type Receiver = ReceiversReply["receivers"][number];
export const markReadSchema = z.strictObject({ upTo: z.int().check(z.minimum(0)) });

/** `GET` and `PUT /api/viewer`: the person at this browser, as the console shows them to others. */
export const viewerSchema = z.object({ name: z.string(), role: z.string() });
export const renameViewerSchema = z.strictObject({ name: z.string().check(z.trim(), z.maxLength(MAX_NAME_LENGTH)) });

/** How to reach this console, for the lines people copy. */
export type Connection = {
  /** Where applications send OpenTelemetry, over HTTP. */
  otlpUrl: string;
  /** Jaeger's query API, served by our own collector. */
  jaegerApiUrl: string;
  /** A Jaeger somebody else runs; our own collector is used when `null`. */
  foreignJaegerUrl: string | null;
  runbookSources: string[];
  s3Endpoint: string | null;
  awsProfile: string | null;
};

/** One setting by name. A secret never has a value here, only whether it is set. */
export type Setting = {
  name: string;
  /** What it is for and what it takes. */
  meaning: string;
  value: string | null;
  /**
   * `own`: nobody set it, the console found it out by itself (the address of its own Postgres). `worker only`: kept from
   * the process that shows this page, so that it cannot say whether it is set.
   */
  origin: "default" | "set" | "own" | "not set" | "worker only";
};
export type SettingGroup = { title: string; settings: Setting[] };
