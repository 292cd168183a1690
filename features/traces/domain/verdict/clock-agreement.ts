import { findWorstShift, MIN_SKEW_US } from "../clock-shifts";
import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

const CLIENT = SPAN_KINDS.indexOf("client");
const SERVER = SPAN_KINDS.indexOf("server");

/** How far two machines' clocks differ, seen from calls between them. */
export type ClockAgreement = {
  /** What did not fit into its caller and was moved, by a millisecond or more. */
  movedCount: number;
  /** By how much a clock is off, microseconds: the diagnosis says the same. Where none is, the largest disagreement seen. */
  largestUs: number;
  /** Calls that could be compared. */
  pairCount: number;
};

/** One pass. Total: 0 of 0 pairs where no service called another. */
export function computeClockAgreement(trace: TraceSkeleton): ClockAgreement {
  const shifts = trace.clockShifts ?? [];
  const worst = findWorstShift(shifts);
  let largestUs = shifts.reduce((max, { byUs }) => Math.max(max, Math.abs(byUs)), 0);
  let pairCount = 0;
  for (let row = 0; row < trace.spanCount; row += 1) {
    if (isAnsweredElsewhere(trace, row)) pairCount += 1;
    largestUs = Math.max(largestUs, outsideUs(trace, row));
  }
  if (worst === undefined) return { movedCount: 0, largestUs, pairCount };
  const movedCount = shifts.filter(({ byUs }) => Math.abs(byUs) >= MIN_SKEW_US).length;
  return { movedCount, largestUs: Math.abs(worst.byUs), pairCount };
}

/** A server's span below the client of another service. */
function isAnsweredElsewhere({ kind, parent, serviceIndex }: TraceSkeleton, row: number): boolean {
  const above = parent[row] ?? NO_PARENT;
  return kind[row] === SERVER && kind[above] === CLIENT && serviceIndex[row] !== serviceIndex[above];
}

/** How far a span stands before its parent, an answer also after its call; 0 for the others. */
function outsideUs(trace: TraceSkeleton, row: number): number {
  const above = trace.parent[row] ?? NO_PARENT;
  if (above === NO_PARENT) return 0;
  const startsUs = (trace.spanStartUs[row] ?? 0) - (trace.spanStartUs[above] ?? 0);
  const earlyUs = hasFlag(trace, row, "skewed") ? -startsUs : 0;
  if (!isAnsweredElsewhere(trace, row)) return earlyUs;
  return Math.max(earlyUs, -startsUs, startsUs + (trace.spanDurationUs[row] ?? 0) - (trace.spanDurationUs[above] ?? 0));
}
