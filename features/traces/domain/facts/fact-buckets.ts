import type { DurationHistogram, FactsReply, Heatmap } from "./facts-schema";
import type { Stretch } from "./time-slices";

/** Bins per factor of ten: 8 make each 1.33 times as wide as the one before. */
export const BINS_PER_DECADE = 8;
const MOST_TIME_BUCKETS = 90;
const S = 1_000_000;
const STEPS_US = [
  ...[1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((s) => s * S),
];
const DAY_US = 86_400 * S;

/** One cell of duration by time, as the database counts them. */
export type FactCell = { timeBin: number; durationBin: number; count: number; errorCount: number; spanCount: number };

/** The width of time buckets: the least round one that makes at most 90 of them. */
export function timeStepUs({ fromUs, toUs }: Stretch): number {
  const leastUs = (toUs - fromUs) / MOST_TIME_BUCKETS;
  return STEPS_US.find((stepUs) => stepUs >= leastUs) ?? Math.ceil(leastUs / DAY_US) * DAY_US;
}

/** Where bin `bin` starts, in µs; bin 0 holds 0 to 1.33 µs. */
export function binStartUs(bin: number): number {
  return bin <= 0 ? 0 : 10 ** (bin / BINS_PER_DECADE);
}

/** The time buckets of a window, cut at its edges: buckets lie on round times, so that they stay when the window moves. */
export function timeBucketsOf(window: Stretch, stepUs: number): { bin: number; startUs: number; endUs: number }[] {
  const first = Math.floor(window.fromUs / stepUs);
  const last = Math.ceil(window.toUs / stepUs);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => ({
    bin: first + at,
    startUs: Math.max(window.fromUs, (first + at) * stepUs),
    endUs: Math.min(window.toUs, (first + at + 1) * stepUs),
  }));
}

type BinCount = { durationBin: number; count: number; errorCount: number };

/** Every bin from the first full one to the last, empty ones included; `range` widens it, to line up with others. */
export function histogramOf(cells: readonly BinCount[], range: { first: number; last: number } | undefined) {
  if (range === undefined) return [];
  const histogram: DurationHistogram = Array.from({ length: range.last - range.first + 1 }, (_, at) => ({
    fromUs: binStartUs(range.first + at),
    toUs: binStartUs(range.first + at + 1),
    count: 0,
    errorCount: 0,
  }));
  for (const { durationBin, count, errorCount } of cells) {
    const bin = histogram[durationBin - range.first];
    if (bin === undefined) continue;
    bin.count += count;
    bin.errorCount += errorCount;
  }
  return histogram;
}

/** First and last bin that hold anything; undefined when nothing does. */
export function binRangeOf(cells: readonly { durationBin: number }[]): { first: number; last: number } | undefined {
  if (cells.length === 0) return undefined;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { durationBin } of cells) {
    first = Math.min(first, durationBin);
    last = Math.max(last, durationBin);
  }
  return { first, last };
}

type Pictures = Pick<FactsReply, "totals" | "histogram" | "heatmap" | "rate">;

/** Totals, histogram, heat map and rate out of one count by time and duration; all of them add up to the same total. */
export function picturesOf(cells: readonly FactCell[], window: Stretch, stepUs: number): Pictures {
  const totals = { count: 0, errorCount: 0, spanCount: 0 };
  const range = binRangeOf(cells);
  const buckets = timeBucketsOf(window, stepUs);
  const rate = buckets.map(({ startUs, endUs }) => ({ startUs, endUs, count: 0, errorCount: 0 }));
  const histogram = histogramOf(cells, range);
  const heatmap: Heatmap = {
    timeBuckets: buckets.map(({ startUs, endUs }) => ({ startUs, endUs })),
    durationBuckets: histogram.map(({ fromUs, toUs }) => ({ fromUs, toUs })),
    counts: new Array<number>(buckets.length * histogram.length).fill(0),
  };
  const firstBin = buckets[0]?.bin ?? 0;
  for (const { timeBin, durationBin, count, errorCount, spanCount } of cells) {
    totals.count += count;
    totals.errorCount += errorCount;
    totals.spanCount += spanCount;
    const point = rate[timeBin - firstBin];
    if (point === undefined || range === undefined) continue;
    point.count += count;
    point.errorCount += errorCount;
    const at = (timeBin - firstBin) * histogram.length + durationBin - range.first;
    heatmap.counts[at] = (heatmap.counts[at] ?? 0) + count;
  }
  return { totals, histogram, heatmap, rate };
}
