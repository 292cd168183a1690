import type { DurationHistogram } from "../facts/facts-schema";
import type { RedOperation, RedReply, RedTotals } from "../facts/red-schema";
import { type SureRatios, sureRatios, WORSE_MEDIAN_RATIO } from "./sure-ratios";

/** A p95 this many times as long is worse; its inverse is better. */
export const WORSE_RATIO = 1.5;
/** Percentage points (as a share) by which errors are more. */
export const WORSE_ERRORS = 0.01;

export type OperationState = "worse" | "better" | "same" | "unknown";
export type OperationRow = {
  operation: string;
  /** Answered inside traces of others only. */
  isInner: boolean;
  /** Of the stretch compared where one is, else of the whole window. */
  now: RedTotals;
  before: RedTotals | null;
  p95Ratio: number | null;
  /** What of the change is beyond chance. */
  sure: SureRatios;
  errorShareDelta: number | null;
  isEnough: boolean;
  state: OperationState;
  /** Whether errors are more than before by enough; the state may be worse for that alone. */
  failsMore: boolean;
  timeShare: number | null;
  /** Seconds waited more (or less) than before, a minute. 0 where it cannot be told. */
  addedWaitPerMinute: number;
  histogram: DurationHistogram;
  histogramBefore: DurationHistogram;
};

/** The operations, those by which most is waited more than before first, then those that take most time. */
export function toOperationRows(reply: Pick<RedReply, "operations">): OperationRow[] {
  const sure = sureRatios(reply.operations);
  return reply.operations
    .map((operation, at) => toRow(operation, sure[at] ?? { p50: null, p95: null }))
    .sort((a, b) => b.addedWaitPerMinute - a.addedWaitPerMinute || (b.timeShare ?? 0) - (a.timeShare ?? 0));
}

function toRow(operation: RedOperation, sure: SureRatios): OperationRow {
  const { change, before, totals } = operation;
  return {
    operation: operation.operation,
    isInner: operation.isInner,
    now: operation.now ?? totals,
    before,
    p95Ratio: change?.p95Ratio ?? null,
    sure,
    errorShareDelta: change?.errorShareDelta ?? null,
    isEnough: change?.isEnough ?? (totals.count ?? 0) >= 30,
    state: stateOf(change, sure),
    failsMore: change?.isEnough === true && (change.errorShareDelta ?? 0) >= WORSE_ERRORS,
    timeShare: operation.timeShare,
    addedWaitPerMinute: addedWaitOf(operation),
    histogram: operation.histogram,
    histogramBefore: operation.histogramBefore,
  };
}

/** By the p95 or by the middle, and only by what is beyond chance. */
export const isSlower = ({ p50, p95 }: SureRatios): boolean =>
  (p95 ?? 0) >= WORSE_RATIO || (p50 ?? 0) >= WORSE_MEDIAN_RATIO;

function stateOf(change: RedOperation["change"], sure: SureRatios): OperationState {
  if (change === null || !change.isEnough || change.p95Ratio === null) return "unknown";
  if (isSlower(sure) || (change.errorShareDelta ?? 0) >= WORSE_ERRORS) return "worse";
  const isFaster = (sure.p95 ?? 1) <= 1 / WORSE_RATIO || (sure.p50 ?? 1) <= 1 / WORSE_MEDIAN_RATIO;
  return isFaster ? "better" : "same";
}

function addedWaitOf({ change, now, histogram, histogramBefore }: RedOperation): number {
  const [meanNow, meanBefore] = [meanOf(histogram), meanOf(histogramBefore)];
  if (change === null || !change.isEnough || now === null || meanNow === undefined || meanBefore === undefined)
    return 0;
  return (now.perSecond * 60 * (meanNow - meanBefore)) / 1_000_000;
}

const countOf = (histogram: DurationHistogram): number => histogram.reduce((sum, { count }) => sum + count, 0);

/** Of a histogram whose bins are even on a logarithmic scale: the middle of each stands for all in it. */
function meanOf(histogram: DurationHistogram): number | undefined {
  const count = countOf(histogram);
  if (count === 0) return undefined;
  return histogram.reduce((sum, bin) => sum + bin.count * Math.sqrt(Math.max(1, bin.fromUs) * bin.toUs), 0) / count;
}
