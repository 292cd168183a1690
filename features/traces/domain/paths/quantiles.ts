import * as z from "zod/mini";

export const quantilesSchema = z.object({
  p5Us: z.number(),
  p50Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  maxUs: z.number(),
});
/** Where the values of a sample lie. Microseconds; all 0 for an empty sample. */
export type Quantiles = z.infer<typeof quantilesSchema>;

/** What a product of a count and a share may be off by. */
const ROUNDING = 1e-9;

/**
 * The smallest value of a sorted sample that at least `share` (0..1) of it do not exceed: nearest rank, always a value that
 * was seen, as Postgres' `percentile_disc` has it. One definition for the whole console. 0 for an empty sample.
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0;
  const rank = Math.ceil(sorted.length * Math.min(1, Math.max(0, share)) - ROUNDING);
  return sorted[Math.max(0, rank - 1)] ?? 0;
}

/** The quantiles of a sample in any order, whole microseconds. */
export function computeQuantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => Math.round(quantileOf(sorted, share));
  return { p5Us: at(0.05), p50Us: at(0.5), p95Us: at(0.95), p99Us: at(0.99), maxUs: at(1) };
}

export type Weighted = { value: number; weight: number };

/** The same for values that stand for several each: the smallest value that covers the share of the whole weight. */
export function computeWeightedQuantiles(sample: readonly Weighted[]): Quantiles {
  const [p5Us = 0, p50Us = 0, p95Us = 0, p99Us = 0, maxUs = 0] = weightedQuantilesOf(
    sample,
    [0.05, 0.5, 0.95, 0.99, 1],
  );
  return { p5Us, p50Us, p95Us, p99Us, maxUs };
}

/** The same for any shares, ascending; whole microseconds. */
export function weightedQuantilesOf(sample: readonly Weighted[], shares: readonly number[]): number[] {
  const sorted = [...sample].sort((a, b) => a.value - b.value);
  const whole = sorted.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map((share) => {
    let reached = 0;
    for (const { value, weight } of sorted) {
      reached += weight;
      if (reached >= whole * share - ROUNDING) return Math.round(value);
    }
    return Math.round(sorted.at(-1)?.value ?? 0);
  });
}

const ANCHORS: [rank: number, key: keyof Quantiles][] = [
  [5, "p5Us"],
  [50, "p50Us"],
  [95, "p95Us"],
  [99, "p99Us"],
  [100, "maxUs"],
];

/**
 * The rank of a value among a sample of which only the quantiles are kept: 0 (below all) to 100 (its largest), a
 * fraction between; `Infinity` above everything seen. Between two quantiles the rank grows with the logarithm of the
 * value, as durations spread. Never falls when the value grows; of equal quantiles the middle one counts.
 */
export function rankAmong(valueUs: number, usual: Quantiles): number {
  if (valueUs > usual.maxUs) return Number.POSITIVE_INFINITY;
  const equal = ANCHORS.filter(([, key]) => usual[key] === valueUs);
  if (equal.some(([rank]) => rank === 50)) return 50;
  const [first] = equal;
  if (first !== undefined) return first[0];
  let below = { rank: 0, value: 0 };
  for (const [rank, key] of ANCHORS) {
    const value = usual[key];
    if (value > valueUs) {
      const share = Math.log((1 + valueUs) / (1 + below.value)) / Math.log((1 + value) / (1 + below.value));
      return below.rank + (rank - below.rank) * share;
    }
    below = { rank, value };
  }
  return 100;
}
