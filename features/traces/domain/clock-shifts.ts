import type { ClockShift, TraceSkeleton } from "./trace-skeleton";

/** Clocks nearer than this agree: the network takes as long. */
export const MIN_SKEW_US = 1_000;

/** The shift that says by how much a clock is off; undefined where all agree. */
export function findWorstShift(shifts: readonly ClockShift[]): ClockShift | undefined {
  const largestUs = shifts.reduce((max, { byUs }) => Math.max(max, Math.abs(byUs)), 0);
  if (largestUs < MIN_SKEW_US) return undefined;
  // Below a wrong clock the right ones look wrong the other way: of about the same size the topmost is the wrong one.
  return shifts.find(({ byUs }) => Math.abs(byUs) >= largestUs / 2);
}

/** By how much a span was moved, itself or with what it stands below, microseconds; 0 for one whose clock is right. */
export function movedUs({ clockShifts = [], subtreeEnd }: TraceSkeleton, row: number): number {
  return clockShifts
    .filter((shift) => shift.row <= row && row < (subtreeEnd[shift.row] ?? 0))
    .reduce((sum, { byUs }) => sum + byUs, 0);
}
