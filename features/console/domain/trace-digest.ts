import type { TimeWindow } from "@/lib/time-range";
import { type DurationAxis, durationAxis, durationHistogram } from "./duration-histogram";
import type { TraceList } from "./neighbours";

/** The console's own traces tell about the console, not about the people's services. */
const OWN_SERVICE = /^ops-console(-|$)/;
/** Whether a service is one of the console's own processes. */
export const isOwnService = (name: string): boolean => OWN_SERVICE.test(name);
/** Fewer requests make a p95 of chance. */
const ENOUGH_FOR_P95 = 100;

export type OperationDigest = {
  service: string;
  operation: string;
  count: number;
  errorCount: number;
  p50Us: number;
  /** `null` below 100 requests. */
  p95Us: number | null;
  maxUs: number;
  slowestTraceId: string;
  /** Sum of all durations: what waiting for it cost. */
  totalUs: number;
  /** Traces per equal part of the digest's duration axis. */
  bins: number[];
};

export type TraceBucket = { fromMs: number; toMs: number; count: number; errorCount: number; maxUs: number };

export type TraceDigest = {
  count: number;
  errorCount: number;
  /** The source had more than it was asked for: counts are of the newest ones. */
  truncated: boolean;
  /** When the oldest counted trace began; before that nothing is known if `truncated`. */
  oldestMs: number | null;
  buckets: TraceBucket[];
  /** One logarithmic axis for the histograms of all operations. */
  axis: DurationAxis;
  /** Most waiting first. */
  operations: OperationDigest[];
};

/**
 * What the traces of a window say together: how many, how many with an error, spread over `bucketCount` equal parts of
 * the window, and per root operation. The console's own traces are left out. No traces give zeros and empty lists.
 */
export function digestTraces(list: TraceList, window: TimeWindow, bucketCount: number): TraceDigest {
  const traces = list.summaries.filter((trace) => !isOwnTrace(trace));
  const axis = durationAxis(traces.map(({ durationUs }) => durationUs));
  return {
    count: traces.length,
    errorCount: traces.filter(({ errorSpanCount }) => errorSpanCount > 0).length,
    truncated: list.truncated,
    oldestMs: traces.reduce<number | null>(
      (oldest, { startUs }) => (oldest === null ? startUs / 1000 : Math.min(oldest, startUs / 1000)),
      null,
    ),
    buckets: toBuckets(traces, window, bucketCount),
    axis,
    operations: toOperations(traces, axis),
  };
}

type Traces = TraceList["summaries"];

/** A trace whose root span has not arrived is ours when nobody else has a span in it. */
export function isOwnTrace({ rootService, services }: Traces[number]): boolean {
  if (rootService !== "") return isOwnService(rootService);
  return services.length > 0 && services.every(({ name }) => isOwnService(name));
}

function toBuckets(traces: Traces, { fromMs, toMs }: TimeWindow, bucketCount: number): TraceBucket[] {
  const widthMs = (toMs - fromMs) / bucketCount;
  const buckets = Array.from({ length: bucketCount }, (_, at) => ({
    fromMs: fromMs + at * widthMs,
    toMs: fromMs + (at + 1) * widthMs,
    count: 0,
    errorCount: 0,
    maxUs: 0,
  }));
  for (const { startUs, durationUs, errorSpanCount } of traces) {
    const bucket = buckets[Math.floor((startUs / 1000 - fromMs) / widthMs)];
    if (bucket === undefined) continue;
    bucket.count += 1;
    bucket.maxUs = Math.max(bucket.maxUs, durationUs);
    if (errorSpanCount > 0) bucket.errorCount += 1;
  }
  return buckets;
}

function toOperations(traces: Traces, axis: DurationAxis): OperationDigest[] {
  const groups = new Map<string, Traces>();
  for (const trace of traces) {
    const key = `${trace.rootService}\n${trace.rootOperation}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trace]);
    else group.push(trace);
  }
  return [...groups.values()].map((group) => toOperation(group, axis)).sort((a, b) => b.totalUs - a.totalUs);
}

function toOperation(traces: Traces, axis: DurationAxis): OperationDigest {
  const byDuration = traces.toSorted((a, b) => a.durationUs - b.durationUs);
  const slowest = byDuration.at(-1);
  return {
    service: slowest?.rootService || (slowest?.services[0]?.name ?? ""),
    operation: slowest?.rootOperation || "(root span missing)",
    count: traces.length,
    errorCount: traces.filter(({ errorSpanCount }) => errorSpanCount > 0).length,
    p50Us: quantile(byDuration, 0.5),
    p95Us: traces.length >= ENOUGH_FOR_P95 ? quantile(byDuration, 0.95) : null,
    maxUs: slowest?.durationUs ?? 0,
    slowestTraceId: slowest?.traceId ?? "",
    totalUs: traces.reduce((sum, { durationUs }) => sum + durationUs, 0),
    bins: durationHistogram(
      byDuration.map(({ durationUs }) => durationUs),
      axis,
    ),
  };
}

/** Nearest rank: always a duration that was really measured. */
function quantile(byDuration: Traces, share: number): number {
  return byDuration[Math.max(0, Math.ceil(byDuration.length * share) - 1)]?.durationUs ?? 0;
}
