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
  /** Versions by service, of services that name any. */
  versions: { service: string; version: string }[];
};

const NS_PER_US = 1000;
const VERSION_KEY = "service.version";
const MAX_VERSION_LENGTH = 200;

/** Of one trace; linear in its spans. */
export function ownFieldsOf(groups: readonly ResourceGroup[]): OwnSummaryFields {
  const placed = headsOf(groups);
  const root = rootOf(placed)?.head;
  const { lengthUs, clocksApartUs } = lengthOf(placed);
  const apart = clocksApartUs === 0 ? undefined : { clocksApartUs, lengthUs };
  return {
    ...compact<Omit<OwnSummaryFields, "versions">>({
      rootStartTimeUnixNano: root?.startNs.toString(),
      rootEndTimeUnixNano: root && endOf(root).toString(),
      clocksApartNano: apart && String(Math.round(apart.clocksApartUs * NS_PER_US)),
      lengthNano: apart && String(Math.round(apart.lengthUs * NS_PER_US)),
    }),
    versions: versionsOf(groups),
  };
}

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
