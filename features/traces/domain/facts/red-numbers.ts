import type { DurationQuantiles } from "./facts-schema";
import type { RedChange, RedTotals } from "./red-schema";
import type { Stretch } from "./time-slices";

/** Fewer requests than this on a side say nothing about its p95. */
const ENOUGH = 30;
const US_PER_SECOND = 1_000_000;
const WEEK_US = 7 * 24 * 3600 * US_PER_SECOND;

type Counted = {
  count: number;
  errorCount: number;
  quantiles: DurationQuantiles | null;
  /** Of `count`, those answered inside traces that others began. */
  innerCount?: number;
};

export const NOTHING: Counted = { count: 0, errorCount: 0, quantiles: null };

/**
 * Rate, errors and durations of what was counted over a stretch. `innerScale`: how many requests each inner one stands for,
 * where those of some traces only are known; counts are of what was seen, the rate is of all.
 */
export function toTotals(
  { count, errorCount, quantiles, innerCount = 0 }: Counted,
  { fromUs, toUs }: Stretch,
  innerScale = 1,
): RedTotals {
  const estimated = count + innerCount * (innerScale - 1);
  return {
    count,
    errorCount,
    perSecond: toUs > fromUs ? (estimated * US_PER_SECOND) / (toUs - fromUs) : 0,
    errorShare: count === 0 ? null : errorCount / count,
    quantiles,
  };
}

/** Now against before. Ratios are null where a side has nothing to compare. */
export function changeOf(now: RedTotals, before: RedTotals): RedChange {
  const ratio = (name: keyof DurationQuantiles) => ratioOf(now.quantiles?.[name], before.quantiles?.[name]);
  return {
    p50Ratio: ratio("p50Us"),
    p95Ratio: ratio("p95Us"),
    p99Ratio: ratio("p99Us"),
    rateRatio: ratioOf(now.perSecond, before.perSecond),
    errorShareDelta: now.errorShare === null || before.errorShare === null ? null : now.errorShare - before.errorShare,
    isEnough: (now.count ?? ENOUGH) >= ENOUGH && (before.count ?? ENOUGH) >= ENOUGH,
  };
}

function ratioOf(now: number | undefined, before: number | undefined): number | null {
  return now === undefined || before === undefined || before <= 0 ? null : now / before;
}

/** The stretches to compare. With a deploy, now begins where it did, and before is as long as the window. */
export function comparedStretches(window: Stretch, deployUs: number | undefined): { now: Stretch; before: Stretch } {
  const lengthUs = window.toUs - window.fromUs;
  const nowFromUs = deployUs === undefined ? window.fromUs : Math.max(window.fromUs, Math.min(deployUs, window.toUs));
  const beforeToUs = deployUs === undefined ? window.fromUs : Math.min(deployUs, window.toUs);
  return {
    now: { fromUs: nowFromUs, toUs: window.toUs },
    before: { fromUs: Math.max(0, beforeToUs - lengthUs), toUs: beforeToUs },
  };
}

/** The window, and the same hours of the same day a week ago: traffic has a daily and a weekly shape. */
export function weekApart(window: Stretch): { now: Stretch; before: Stretch } {
  const back = (us: number) => Math.max(0, us - WEEK_US);
  return { now: window, before: { fromUs: back(window.fromUs), toUs: back(window.toUs) } };
}
