import type { DurationHistogram } from "../facts/facts-schema";
import type { RedChange } from "../facts/red-schema";
import { adjustForMany, rankTest, type TallyBin } from "../paths/statistics";

/** A median this many times as long is worse: half of all requests move it, so it moves less than a tail by chance. */
export const WORSE_MEDIAN_RATIO = 1.25;
/** Stricter than the usual 5 %: what is named here is read as what happened. */
const MAX_Q_VALUE = 0.02;

/** Now over before; 1 where the difference is within chance, null where it cannot be told. */
export type SureRatios = { p50: number | null; p95: number | null };
export type ComparedDurations = {
  change: RedChange | null;
  histogram: DurationHistogram;
  histogramBefore: DurationHistogram;
};

/**
 * The ratios of several things compared at once, without what is chance: the median by the ranks of all requests, the
 * p95 by the share of requests in the tail between both, each corrected for how many are looked at. Without histograms,
 * as from metrics, nothing can be tested and the ratios stand.
 */
export function sureRatios(compared: readonly ComparedDurations[]): SureRatios[] {
  const tests = compared.map(({ histogram, histogramBefore }) => {
    const bins = lineUp(histogramBefore, histogram);
    return { hasBins: histogram.length > 0 && histogramBefore.length > 0, ranks: rankTest(bins), tail: tailTest(bins) };
  });
  const middles = adjustForMany(tests.map(({ ranks }) => ranks.pValue));
  const tails = adjustForMany(tests.map(({ tail }) => tail.pValue));
  return compared.map(({ change }, at) => {
    const test = tests[at];
    if (change === null || !change.isEnough || test === undefined) return { p50: null, p95: null };
    if (!test.hasBins) return { p50: change.p50Ratio, p95: change.p95Ratio };
    return {
      p50: sureOf(change.p50Ratio, test.ranks.shift, middles[at] ?? 1),
      p95: sureOf(change.p95Ratio, test.tail.shift, tails[at] ?? 1),
    };
  });
}

function sureOf(ratio: number | null, shift: number, qValue: number): number | null {
  if (ratio === null) return null;
  return qValue <= MAX_Q_VALUE && Math.sign(Math.log(ratio)) === shift ? ratio : 1;
}

/** Both histograms, bin by bin: a before, b now. */
function lineUp(before: DurationHistogram, now: DurationHistogram): TallyBin[] {
  const bins = new Map<number, TallyBin>();
  for (const { fromUs, count } of before) bins.set(fromUs, { a: count, b: 0 });
  for (const { fromUs, count } of now) bins.set(fromUs, { a: bins.get(fromUs)?.a ?? 0, b: count });
  return [...bins].sort(([x], [y]) => x - y).map(([, bin]) => bin);
}

/** Whether one side has more requests above the middle between both p95: where they sit on a tail's edge it does not. */
function tailTest(bins: readonly TallyBin[]) {
  const [before, now] = [p95Bin(bins, ({ a }) => a), p95Bin(bins, ({ b }) => b)];
  const edge = Math.ceil((before + now) / 2);
  const sumOf = (some: readonly TallyBin[]) =>
    some.reduce((sum, { a, b }) => ({ a: sum.a + a, b: sum.b + b }), { a: 0, b: 0 });
  return rankTest([sumOf(bins.slice(0, edge)), sumOf(bins.slice(edge))]);
}

function p95Bin(bins: readonly TallyBin[], countOf: (bin: TallyBin) => number): number {
  const all = bins.reduce((sum, bin) => sum + countOf(bin), 0);
  let seen = 0;
  return Math.max(
    0,
    bins.findIndex((bin) => {
      seen += countOf(bin);
      return seen >= 0.95 * all;
    }),
  );
}
