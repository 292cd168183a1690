import type { RedReply } from "../facts/red-schema";

type Point = RedReply["series"][number];

/** So many buckets with requests on each side: fewer are no stretch. */
const LEAST_BUCKETS = 3;
/** The typical p95 after it is at least this many times that before it, or the other way round. */
const LEAST_RATIO = 1.25;
/** Of all pairs of a bucket before and one after, in so many the later is higher: the two stretches hardly overlap. */
const LEAST_SURE = 0.9;

/**
 * When the p95 of a service changed for good within a window, epoch microseconds; undefined where no moment parts the window
 * in two stretches that hardly overlap. `direction` says whether it rose or fell.
 */
export function findChangePoint(series: readonly Point[], direction: "up" | "down"): number | undefined {
  const sign = direction === "up" ? 1 : -1;
  const points = series.flatMap(({ startUs, quantiles }) =>
    quantiles === null ? [] : [{ startUs, level: sign * Math.log(Math.max(1, quantiles.p95Us)) }],
  );
  let best: { startUs: number; spread: number } | undefined;
  for (let at = LEAST_BUCKETS; at <= points.length - LEAST_BUCKETS; at += 1) {
    const before = points.slice(0, at).map(({ level }) => level);
    const after = points.slice(at).map(({ level }) => level);
    if (medianOf(after) - medianOf(before) < Math.log(LEAST_RATIO) || shareOfRises(before, after) < LEAST_SURE)
      continue;
    const spread = spreadOf(before) + spreadOf(after);
    if (best === undefined || spread < best.spread) best = { startUs: points[at]?.startUs ?? 0, spread };
  }
  return best?.startUs;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function spreadOf(values: readonly number[]): number {
  const middle = medianOf(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

function shareOfRises(before: readonly number[], after: readonly number[]): number {
  let rises = 0;
  for (const was of before) for (const is of after) if (is > was) rises += 1;
  return rises / (before.length * after.length);
}
