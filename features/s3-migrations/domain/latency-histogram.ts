/** Upper bound of the first bucket; four of them double it, the last holds the rest. */
const FIRST_MS = 0.5;
const GROWTH = 2 ** 0.25;
/** Up to some seven minutes: no request lives longer. */
export const LATENCY_BUCKETS = 80;

/** Requests by how long their answer took, one count per bucket, so that the counts of workers add up. */
export type LatencyCounts = number[];

export const emptyLatencies = (): LatencyCounts => new Array<number>(LATENCY_BUCKETS).fill(0);

/** Adds one answer, in place. */
export function addLatency(counts: LatencyCounts, ms: number): void {
  const bucket = Math.min(LATENCY_BUCKETS - 1, bucketOf(ms));
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/** What came since `before`, of counts that only grow. */
export function latenciesSince(counts: readonly number[], before: readonly number[]): LatencyCounts {
  return counts.map((count, bucket) => Math.max(0, count - (before[bucket] ?? 0)));
}

/**
 * The `q`-quantile in ms, 0 < q ≤ 1: between the bounds of its bucket by rank, on the logarithmic scale of the buckets, so
 * it is off by a fifth at most. `undefined` of no counts.
 */
export function latencyQuantile(counts: readonly number[], q: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = q * total;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      return FIRST_MS * GROWTH ** (bucket - 1 + (rank - below) / count);
    }
    below += count;
  }
  return FIRST_MS * GROWTH ** (LATENCY_BUCKETS - 1);
}

const bucketOf = (ms: number): number => (ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH)));
