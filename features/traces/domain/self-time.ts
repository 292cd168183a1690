import { NO_PARENT, type TraceSkeleton } from "./trace-skeleton";

type Columns = Pick<TraceSkeleton, "spanCount" | "parent" | "spanStartUs" | "spanDurationUs">;

/**
 * Per row, the microseconds of the span during which none of its direct children ran: overlapping children count once,
 * and what a child does outside its parent's time does not count. Between 0 and the span's duration. One pass: children
 * come in order of start, so each parent needs to remember only how far it is covered.
 */
export function computeSelfTime({ spanCount, parent, spanStartUs, spanDurationUs }: Columns): Float64Array {
  const selfUs = spanDurationUs.slice();
  const coveredUntilUs = spanStartUs.slice();
  for (let row = 0; row < spanCount; row += 1) {
    const above = parent[row] ?? NO_PARENT;
    if (above === NO_PARENT) continue;
    const start = spanStartUs[row] ?? 0;
    const parentEnd = (spanStartUs[above] ?? 0) + (spanDurationUs[above] ?? 0);
    const from = Math.max(start, coveredUntilUs[above] ?? 0);
    const to = Math.min(start + (spanDurationUs[row] ?? 0), parentEnd);
    if (to <= from) continue;
    selfUs[above] = (selfUs[above] ?? 0) - (to - from);
    coveredUntilUs[above] = to;
  }
  return selfUs;
}
