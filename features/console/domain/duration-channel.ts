import { niceCeiling } from "./chart-scale";
import { type OperationSlowdown, slowerFirst } from "./operation-slowdown";
import type { OperationDigest, TraceDigest } from "./trace-digest";

/** What the durations of the chart are: of the gravest slowdown, or of everything the slowest. */
export type DurationChannel = {
  /** Undefined while nothing became slower. */
  slower: (OperationDigest & { slowdown: OperationSlowdown }) | undefined;
  /** One for each bucket of the digest; null without a request. */
  valuesUs: (number | null)[];
  topUs: number;
  /** From this bucket on it is slower; infinite while nothing is. */
  slowFrom: number;
};

/** The chart shows what the headline says: the very figure of the operation it names, in each part of the window. */
export function durationChannel({ operations, buckets }: TraceDigest): DurationChannel {
  const [slower] = slowerFirst(operations);
  const valuesUs = slower?.slowdown.partsUs ?? buckets.map(({ count, maxUs }) => (count === 0 ? null : maxUs));
  const longestUs = Math.max(slower?.slowdown.nowUs ?? 0, ...valuesUs.map((valueUs) => valueUs ?? 0));
  // The moment is a bucket's edge, but for rounding; one that cuts a bucket gives it to the larger side.
  const sinceMs = slower?.slowdown.sinceMs ?? Number.POSITIVE_INFINITY;
  const first = buckets.findIndex(({ fromMs, toMs }) => (fromMs + toMs) / 2 > sinceMs);
  return { slower, valuesUs, topUs: niceCeiling(longestUs), slowFrom: first === -1 ? Number.POSITIVE_INFINITY : first };
}
