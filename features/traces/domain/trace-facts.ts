import { hasFlag, NO_PARENT, SPAN_FLAGS, type SpanFlag, type TraceSkeleton } from "./trace-skeleton";

export type ServiceCounts = { name: string; spanCount: number; errorSpanCount: number };

/** What the columns of a trace say about it as a whole. */
export type SkeletonFacts = {
  /** Of the earliest span that has no parent at all; "" when only orphans arrived. */
  rootService: string;
  rootOperation: string;
  errorSpanCount: number;
  orphanSpanCount: number;
  skewedSpanCount: number;
  duplicateSpanCount: number;
  cycleSpanCount: number;
  /** Levels below the roots: 0 for a trace of roots, or an empty one. */
  maxDepth: number;
  /** By name. */
  services: ServiceCounts[];
};

/** Counts, in one pass. Total: an empty trace has zeros and empty names. */
export function computeFacts(trace: TraceSkeleton): SkeletonFacts {
  const root = findRoot(trace);
  return {
    rootService: root === undefined ? "" : (trace.services[trace.serviceIndex[root] ?? 0] ?? ""),
    rootOperation: root === undefined ? "" : (trace.names[trace.nameIndex[root] ?? 0] ?? ""),
    errorSpanCount: countFlag(trace, "error"),
    orphanSpanCount: countFlag(trace, "orphan"),
    skewedSpanCount: countFlag(trace, "skewed"),
    duplicateSpanCount: countFlag(trace, "duplicateId"),
    cycleSpanCount: countFlag(trace, "cycle"),
    maxDepth: trace.depth.reduce((a, b) => Math.max(a, b), 0),
    services: countServices(trace),
  };
}

/** Row of the earliest span that has no parent at all; undefined when only orphans arrived. */
export function findRoot(trace: TraceSkeleton): number | undefined {
  for (let row = 0; row < trace.spanCount; row = trace.subtreeEnd[row] ?? trace.spanCount) {
    if (trace.parent[row] === NO_PARENT && !hasFlag(trace, row, "orphan") && !hasFlag(trace, row, "cycle")) return row;
  }
  return undefined;
}

/** Spans that stand below no other. */
export function countRoots(trace: Pick<TraceSkeleton, "spanCount" | "subtreeEnd">): number {
  let count = 0;
  for (let row = 0; row < trace.spanCount; row = trace.subtreeEnd[row] ?? trace.spanCount) count += 1;
  return count;
}

/**
 * When the request came in, epoch microseconds, by the clock of its root: that of a service below it may be a year off.
 * Without a root when the first span started.
 */
export function requestStartUs(trace: TraceSkeleton): number {
  return trace.startUs + (trace.spanStartUs[findRoot(trace) ?? 0] ?? 0);
}

function countFlag({ flags }: TraceSkeleton, flag: SpanFlag): number {
  let count = 0;
  for (const bits of flags) if ((bits & SPAN_FLAGS[flag]) !== 0) count += 1;
  return count;
}

function countServices(trace: TraceSkeleton): ServiceCounts[] {
  const counts = trace.services.map((name) => ({ name, spanCount: 0, errorSpanCount: 0 }));
  for (let row = 0; row < trace.spanCount; row += 1) {
    const service = counts[trace.serviceIndex[row] ?? 0];
    if (service === undefined) continue;
    service.spanCount += 1;
    if (hasFlag(trace, row, "error")) service.errorSpanCount += 1;
  }
  return counts.filter(({ spanCount }) => spanCount > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Short name of what the columns hold: changes when a span arrives, leaves or changes. FNV-1a over the columns. */
export function computeVersion(trace: TraceSkeleton): string {
  let hash = 0x811c9dc5;
  const mix = (value: number) => {
    hash = Math.imul(hash ^ (value >>> 0), 0x01000193);
  };
  for (let row = 0; row < trace.spanCount; row += 1) {
    mix(trace.spanStartUs[row] ?? 0);
    mix(trace.spanDurationUs[row] ?? 0);
    mix(trace.flags[row] ?? 0);
    mix(trace.parent[row] ?? 0);
  }
  const ids = trace.spanIds ?? [];
  for (let at = 0; at < ids.length; at += 1) mix(ids[at] ?? 0);
  return `${trace.spanCount.toString(36)}-${(hash >>> 0).toString(36)}`;
}
