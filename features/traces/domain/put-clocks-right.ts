import { type BuiltSkeleton, buildSkeleton, type SpanColumns } from "./build-skeleton";
import { toTimeline } from "./diagnosis/timeline";
import { type ClockShift, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "./trace-skeleton";

const CLIENT = SPAN_KINDS.indexOf("client");
const SERVER = SPAN_KINDS.indexOf("server");

/**
 * A skeleton whose spans stand where they ran: what does not fit into the call that made it, because another machine's
 * clock timed it, is moved with all below it, as Jaeger's own clock skew adjuster does. `clockShifts` says what was moved
 * and by how much; a trace whose clocks agree comes out as {@link buildSkeleton} made it, after one pass.
 *
 * @param serviceOf the service of each group of the table
 */
export function putClocksRight(table: SpanColumns, serviceOf: readonly string[]): BuiltSkeleton {
  const built = buildSkeleton(table, serviceOf);
  if (!isOutOfTime(built.skeleton)) return built;
  const { shifts } = toTimeline(built.skeleton);
  if (shifts.length === 0) return built;
  const byUs = shiftOfSources(built, shifts);
  const moved = (column: Float64Array) => column.map((us, source) => us + (byUs[source] ?? 0));
  const right = buildSkeleton({ ...table, startUs: moved(table.startUs), endUs: moved(table.endUs) }, serviceOf);
  const rowOfSource = new Uint32Array(table.count);
  right.sourceRows.forEach((source, row) => {
    rowOfSource[source] = row;
  });
  const clockShifts = shifts.map((shift) => ({
    row: rowOfSource[built.sourceRows[shift.row] ?? 0] ?? 0,
    byUs: shift.byUs,
  }));
  return { ...right, skeleton: { ...right.skeleton, clockShifts: clockShifts.sort((a, b) => a.row - b.row) } };
}

/** Whether a span of another process stands outside its parent, or any before it. */
function isOutOfTime(trace: TraceSkeleton): boolean {
  const { parent, spanStartUs, spanDurationUs, serviceIndex, kind } = trace;
  for (let row = 0; row < trace.spanCount; row += 1) {
    const above = parent[row] ?? NO_PARENT;
    if (above === NO_PARENT) continue;
    const startsUs = (spanStartUs[row] ?? 0) - (spanStartUs[above] ?? 0);
    if (startsUs < 0) return true;
    const isAnswer = kind[row] === SERVER && kind[above] === CLIENT;
    const isElsewhere = isAnswer || serviceIndex[row] !== serviceIndex[above];
    if (isElsewhere && startsUs + (spanDurationUs[row] ?? 0) > (spanDurationUs[above] ?? 0)) return true;
  }
  return false;
}

/** What each row of the table is moved by: by its own shift and those above it. */
function shiftOfSources({ skeleton, sourceRows }: BuiltSkeleton, shifts: readonly ClockShift[]): Float64Array {
  const ownUs = new Float64Array(skeleton.spanCount);
  for (const { row, byUs } of shifts) ownUs[row] = byUs;
  const ofSource = new Float64Array(skeleton.spanCount);
  for (let row = 0; row < skeleton.spanCount; row += 1) {
    const above = skeleton.parent[row] ?? NO_PARENT;
    // Parents stand above their children, so what is above is summed already.
    if (above !== NO_PARENT) ownUs[row] = (ownUs[row] ?? 0) + (ownUs[above] ?? 0);
    ofSource[sourceRows[row] ?? 0] = ownUs[row] ?? 0;
  }
  return ofSource;
}
