import { compact } from "./otlp-json";
import { readSpanHead, type SpanHead } from "./span-head";
import type { ResourceGroup } from "./trace-groups";

type ServiceCount = { name: string; spanCount?: number; errorSpanCount?: number };

/** A trace as `/api/v3/trace-summaries` prints it: zero and empty fields are left out, services sorted by name. */
export type TraceSummaryJson = {
  traceId: string;
  rootServiceName?: string;
  rootOperationName?: string;
  minStartTimeUnixNano?: string;
  maxEndTimeUnixNano?: string;
  spanCount?: number;
  errorSpanCount?: number;
  orphanSpanCount?: number;
  services: ServiceCount[];
};

/**
 * Sums a trace up. The root is the earliest span without a parent; no such span, no root. An orphan names a parent that is
 * not in the trace.
 */
export function summariseTrace(traceId: string, groups: readonly ResourceGroup[]): TraceSummaryJson {
  const placed = headsOf(groups);
  const heads = placed.map(({ head }) => head);
  const ids = new Set(heads.map(({ spanId }) => spanId));
  const root = rootOf(placed);
  const minStartNs = heads.reduce((min, { startNs }) => (startNs < min ? startNs : min), heads[0]?.startNs ?? 0n);
  const maxEndNs = heads.map(endOf).reduce((max, endNs) => (endNs > max ? endNs : max), 0n);
  return compact<TraceSummaryJson>({
    traceId,
    rootServiceName: root?.service,
    rootOperationName: root?.head.name,
    minStartTimeUnixNano: minStartNs === 0n ? undefined : minStartNs.toString(),
    maxEndTimeUnixNano: maxEndNs === 0n ? undefined : maxEndNs.toString(),
    spanCount: heads.length,
    errorSpanCount: heads.filter(({ isError }) => isError).length,
    orphanSpanCount: heads.filter(({ parentId }) => parentId !== "" && !ids.has(parentId)).length,
    services: countServices(placed),
  });
}

/** As the span itself is shown: one that ends before it starts lasts a nanosecond. */
export function endOf({ startNs, endNs }: SpanHead): bigint {
  return endNs < startNs ? startNs + 1n : endNs;
}

export type PlacedHead = { service: string; head: SpanHead };

/** The earliest span without a parent. */
export function rootOf(placed: readonly PlacedHead[]): PlacedHead | undefined {
  let root: PlacedHead | undefined;
  for (const each of placed) {
    const isRoot = each.head.parentId === "";
    if (isRoot && (root === undefined || each.head.startNs < root.head.startNs)) root = each;
  }
  return root;
}

function countServices(placed: readonly PlacedHead[]): ServiceCount[] {
  const counts = new Map<string, { spanCount: number; errorSpanCount: number }>();
  for (const { service, head } of placed) {
    const count = counts.get(service) ?? { spanCount: 0, errorSpanCount: 0 };
    counts.set(service, count);
    count.spanCount += 1;
    if (head.isError) count.errorSpanCount += 1;
  }
  return Array.from(counts, ([name, count]) => compact<ServiceCount>({ name, ...count })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** Every span's head with its service. */
export function headsOf(groups: readonly ResourceGroup[]): PlacedHead[] {
  return groups.flatMap(({ service, scopes }) =>
    scopes.flatMap(({ spans }) => spans.map((span) => ({ service, head: readSpanHead(span) }))),
  );
}
