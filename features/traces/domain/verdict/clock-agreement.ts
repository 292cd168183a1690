import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

const CLIENT = SPAN_KINDS.indexOf("client");
const SERVER = SPAN_KINDS.indexOf("server");

/** How far two machines' clocks must differ at least, seen from calls between them. */
export type ClockAgreement = {
  /** The largest, microseconds: a server's span outside the call it answers, any span before its parent. */
  largestUs: number;
  /** Calls that could be compared. */
  pairCount: number;
};

/** One pass. Total: 0 of 0 pairs where no service called another. */
export function computeClockAgreement(trace: TraceSkeleton): ClockAgreement {
  let largestUs = 0;
  let pairCount = 0;
  for (let row = 0; row < trace.spanCount; row += 1) {
    const above = trace.parent[row] ?? NO_PARENT;
    if (above === NO_PARENT) continue;
    const startUs = trace.spanStartUs[row] ?? 0;
    const calledUs = trace.spanStartUs[above] ?? 0;
    if (hasFlag(trace, row, "skewed")) largestUs = Math.max(largestUs, calledUs - startUs);
    if (trace.kind[row] !== SERVER || trace.kind[above] !== CLIENT) continue;
    if (trace.serviceIndex[row] === trace.serviceIndex[above]) continue;
    const endUs = startUs + (trace.spanDurationUs[row] ?? 0);
    const answeredUs = calledUs + (trace.spanDurationUs[above] ?? 0);
    pairCount += 1;
    largestUs = Math.max(largestUs, calledUs - startUs, endUs - answeredUs);
  }
  return { largestUs, pairCount };
}
