import { groupRequests, isRequest, type RequestSpan } from "@/lib/request-spans";
import { traceLength } from "@/lib/trace-length";
import { compact } from "./otlp-json";
import { endOf, headsOf, type PlacedHead, rootOf } from "./summarise-trace";
import type { ResourceGroup } from "./trace-groups";

/** What the console is told of a trace beyond Jaeger's summary (lib/own-fields.ts). Nanoseconds as text, as everywhere. */
export type OwnSummaryFields = {
  /** Of the root span; absent without one. */
  rootStartTimeUnixNano?: string;
  rootEndTimeUnixNano?: string;
  /** Absent where clocks agree: by how much they differ, and how long the trace is with them put right. */
  clocksApartNano?: string;
  lengthNano?: string;
  /** Absent unless the root span failed itself. */
  isRootFailed?: true;
  /** Versions by service, of services that name any. */
  versions: { service: string; version: string }[];
  /** Every request but the root. */
  requests: RequestSpan[];
};

const NS_PER_US = 1000;
const VERSION_KEY = "service.version";
const MAX_VERSION_LENGTH = 200;

/** Of one trace; linear in its spans. */
export function ownFieldsOf(groups: readonly ResourceGroup[]): OwnSummaryFields {
  const placed = headsOf(groups);
  const rootSpan = rootOf(placed);
  const root = rootSpan?.head;
  const { lengthUs, clocksApartUs } = lengthOf(placed);
  const apart = clocksApartUs === 0 ? undefined : { clocksApartUs, lengthUs };
  return {
    ...compact<Omit<OwnSummaryFields, "versions" | "requests">>({
      rootStartTimeUnixNano: root?.startNs.toString(),
      rootEndTimeUnixNano: root && endOf(root).toString(),
      clocksApartNano: apart && String(Math.round(apart.clocksApartUs * NS_PER_US)),
      lengthNano: apart && String(Math.round(apart.lengthUs * NS_PER_US)),
      isRootFailed: root?.isError === true ? true : undefined,
    }),
    versions: versionsOf(groups),
    requests: [...requestsOf(placed, rootSpan, apart?.lengthUs)],
  };
}

/** Where clocks disagree, a request whose own clock puts it outside the trace is told at its edge. */
function requestsOf(
  placed: readonly PlacedHead[],
  root: PlacedHead | undefined,
  lengthUs: number | undefined,
): readonly RequestSpan[] {
  const serviceOf = new Map(placed.map(({ head, service }) => [head.spanId, service]));
  const requests: RequestSpan[] = [];
  const rootUs = root === undefined ? undefined : microsOf(root.head.startNs);
  for (const each of placed) {
    const { head, service } = each;
    const caller = serviceOf.get(head.parentId);
    const isOfOtherCaller = caller !== undefined && caller !== service;
    if (each === root || !isRequest({ kind: head.kind, isRoot: head.parentId === "", isOfOtherCaller })) continue;
    const ownUs = microsOf(head.startNs);
    const isPlaced = lengthUs === undefined || rootUs === undefined;
    requests.push({
      service,
      operation: head.name,
      startUs: isPlaced ? ownUs : Math.min(Math.max(ownUs, rootUs), Math.round(rootUs + lengthUs)),
      durationUs: microsOf(endOf(head)) - ownUs,
      isFailed: head.isError,
      count: 1,
    });
  }
  return groupRequests(requests);
}

/** Rounded down, as summaries are read. */
const microsOf = (ns: bigint): number => Number(ns / BigInt(NS_PER_US));

function lengthOf(placed: readonly PlacedHead[]): ReturnType<typeof traceLength> {
  const originNs = placed[0]?.head.startNs ?? 0n;
  const rowOf = new Map(placed.map(({ head }, row) => [head.spanId, row]));
  const services = new Map<string, number>();
  const serviceOf = (name: string): number => {
    const known = services.get(name) ?? services.size;
    services.set(name, known);
    return known;
  };
  return traceLength({
    parent: placed.map(({ head }) => (head.parentId === "" ? -1 : (rowOf.get(head.parentId) ?? -1))),
    startUs: placed.map(({ head }) => Number(head.startNs - originNs) / NS_PER_US),
    durationUs: placed.map(({ head }) => Number(endOf(head) - head.startNs) / NS_PER_US),
    service: placed.map(({ service }) => serviceOf(service)),
    kind: placed.map(({ head }) => head.kind),
  });
}

function versionsOf(groups: readonly ResourceGroup[]): OwnSummaryFields["versions"] {
  const versions = new Map<string, { service: string; version: string }>();
  for (const { service, resource } of groups) {
    const version = resource.attributes?.find(({ key }) => key === VERSION_KEY)?.value?.stringValue ?? "";
    if (version === "") continue;
    const seen = { service, version: version.slice(0, MAX_VERSION_LENGTH) };
    versions.set(JSON.stringify(seen), seen);
  }
  return [...versions.values()];
}
