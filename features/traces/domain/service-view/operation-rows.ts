import type { DurationHistogram, DurationQuantiles } from "../facts/facts-schema";
import type { RedOperation, RedReply, RedTotals } from "../facts/red-schema";

/** A p95 this many times as long is worse; its inverse is better. */
export const WORSE_RATIO = 1.5;
/** Percentage points (as a share) by which errors are more. */
export const WORSE_ERRORS = 0.01;

export type OperationState = "worse" | "better" | "same" | "unknown";
export type OperationRow = {
  operation: string;
  /** Of the stretch compared where one is, else of the whole window. */
  now: { perSecond: number; errorShare: number | null; quantiles: DurationQuantiles | null; count: number | null };
  before: RedTotals | null;
  p95Ratio: number | null;
  errorShareDelta: number | null;
  isEnough: boolean;
  state: OperationState;
  timeShare: number | null;
  /** Seconds waited more (or less) than before, a minute. 0 where it cannot be told. */
  addedWaitPerMinute: number;
  histogram: DurationHistogram;
  histogramBefore: DurationHistogram;
};

/** The operations, those by which most is waited more than before first, then those that take most time. */
export function toOperationRows(reply: Pick<RedReply, "operations">): OperationRow[] {
  return reply.operations
    .map(toRow)
    .sort((a, b) => b.addedWaitPerMinute - a.addedWaitPerMinute || (b.timeShare ?? 0) - (a.timeShare ?? 0));
}

function toRow(operation: RedOperation): OperationRow {
  const { change, before, totals } = operation;
  return {
    operation: operation.operation,
    now: nowOf(operation),
    before,
    p95Ratio: change?.p95Ratio ?? null,
    errorShareDelta: change?.errorShareDelta ?? null,
    isEnough: change?.isEnough ?? (totals.count ?? 0) >= 30,
    state: stateOf(change),
    timeShare: operation.timeShare,
    addedWaitPerMinute: addedWaitOf(operation),
    histogram: operation.histogram,
    histogramBefore: operation.histogramBefore,
  };
}

/** What the change says of the stretch compared: before times the ratio. Without one, the whole window. */
function nowOf({ totals, before, change, histogram }: RedOperation): OperationRow["now"] {
  if (before?.quantiles == null || change === null) return totals;
  const { quantiles: was } = before;
  const times = (us: number, ratio: number | null) => (ratio === null ? undefined : Math.round(us * ratio));
  const [p50Us, p95Us, p99Us] = [
    times(was.p50Us, change.p50Ratio),
    times(was.p95Us, change.p95Ratio),
    times(was.p99Us, change.p99Ratio),
  ];
  return {
    perSecond: change.rateRatio === null ? totals.perSecond : before.perSecond * change.rateRatio,
    errorShare:
      change.errorShareDelta === null || before.errorShare === null
        ? totals.errorShare
        : Math.max(0, before.errorShare + change.errorShareDelta),
    quantiles:
      p50Us === undefined || p95Us === undefined || p99Us === undefined
        ? totals.quantiles
        : { ...(totals.quantiles ?? was), p50Us, p95Us, p99Us },
    count: histogram.length === 0 ? totals.count : countOf(histogram),
  };
}

function stateOf(change: RedOperation["change"]): OperationState {
  if (change === null || !change.isEnough || change.p95Ratio === null) return "unknown";
  if (change.p95Ratio >= WORSE_RATIO || (change.errorShareDelta ?? 0) >= WORSE_ERRORS) return "worse";
  return change.p95Ratio <= 1 / WORSE_RATIO ? "better" : "same";
}

function addedWaitOf({ change, before, histogram, histogramBefore }: RedOperation): number {
  const [now, was] = [meanOf(histogram), meanOf(histogramBefore)];
  if (change === null || !change.isEnough || before === null || now === undefined || was === undefined) return 0;
  const perSecond = before.perSecond * (change.rateRatio ?? 1);
  return (perSecond * 60 * (now - was)) / 1_000_000;
}

const countOf = (histogram: DurationHistogram): number => histogram.reduce((sum, { count }) => sum + count, 0);

/** Of a histogram whose bins are even on a logarithmic scale: the middle of each stands for all in it. */
function meanOf(histogram: DurationHistogram): number | undefined {
  const count = countOf(histogram);
  if (count === 0) return undefined;
  return histogram.reduce((sum, bin) => sum + bin.count * Math.sqrt(Math.max(1, bin.fromUs) * bin.toUs), 0) / count;
}
