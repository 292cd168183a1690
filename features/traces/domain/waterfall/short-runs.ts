import { NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import { membersOf, type TracePlan } from "./trace-plan";

/** What takes less of the trace than this is told together with its neighbours. */
export const SHORT_SHARE = 0.005;

/**
 * Neighbours too short to matter, as columns. A member is the first row of what stands there unfolded: a span, or a
 * group of similar ones. Members of run `r` are `rows[start[r]] .. rows[start[r + 1] - 1]`.
 */
export type ShortRuns = {
  count: number;
  start: Int32Array;
  rows: Int32Array;
  /** Spans in the run, groups counted in full. */
  spans: Int32Array;
  sumUs: Float64Array;
  /** Run of each member row, or -1. */
  ofRow: Int32Array;
};

type Unit = { row: number; sumUs: number; spans: number };
type Inputs = { trace: TraceSkeleton; plan: TracePlan; withGroups: boolean };

/**
 * Runs of two or more neighbours that take less than 0.5 % of the trace each. What failed, or has something below it
 * that failed, is never folded away; a gap between two ends a run. One pass over the rows.
 */
export function findShortRuns(inputs: Inputs): ShortRuns {
  const { trace, plan } = inputs;
  const opensGap = new Uint8Array(trace.spanCount);
  for (const row of plan.gaps.before) if (row >= 0) opensGap[row] = 1;
  const runs = new RunCollector();
  for (let row = 0; row < trace.spanCount; row += 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    if (opensGap[row] === 1) runs.close(parent);
    if (isMember(inputs, row)) continue;
    const unit = toUnit(inputs, row);
    if (isShort(inputs, unit)) runs.add(parent, unit);
    else runs.close(parent);
  }
  return toColumns(runs.finish(), trace.spanCount);
}

/** The runs that are still growing, one a parent, and those that are done. */
class RunCollector {
  readonly #growing = new Map<number, Unit[]>();
  readonly #done: Unit[][] = [];

  add(parent: number, unit: Unit): void {
    const run = this.#growing.get(parent);
    if (run === undefined) this.#growing.set(parent, [unit]);
    else run.push(unit);
  }

  close(parent: number): void {
    const run = this.#growing.get(parent);
    if (run !== undefined && run.length > 1) this.#done.push(run);
    this.#growing.delete(parent);
  }

  finish(): Unit[][] {
    for (const parent of [...this.#growing.keys()]) this.close(parent);
    return this.#done;
  }
}

function groupOf({ plan, withGroups }: Inputs, row: number): number {
  return withGroups ? (plan.groups.ofRow[row] ?? -1) : -1;
}

/** Whether the first row of its group stands for the row. */
function isMember(inputs: Inputs, row: number): boolean {
  const group = groupOf(inputs, row);
  return group !== -1 && membersOf(inputs.plan.groups, group)[0] !== row;
}

function toUnit(inputs: Inputs, row: number): Unit {
  const { trace, plan } = inputs;
  const group = groupOf(inputs, row);
  if (group === -1) return { row, sumUs: trace.spanDurationUs[row] ?? 0, spans: 1 };
  return { row, sumUs: plan.groups.sumUs[group] ?? 0, spans: membersOf(plan.groups, group).length };
}

function isShort(inputs: Inputs, { row, sumUs }: Unit): boolean {
  const { trace, plan } = inputs;
  if (sumUs >= trace.durationUs * SHORT_SHARE) return false;
  const group = groupOf(inputs, row);
  if (group === -1) return plan.hasError[row] === 0;
  return membersOf(plan.groups, group).every((member) => plan.hasError[member] === 0);
}

function toColumns(runs: readonly Unit[][], spanCount: number): ShortRuns {
  const columns: ShortRuns = {
    count: runs.length,
    start: new Int32Array(runs.length + 1),
    rows: Int32Array.from(runs.flat(), ({ row }) => row),
    spans: Int32Array.from(runs, (run) => run.reduce((sum, { spans }) => sum + spans, 0)),
    sumUs: Float64Array.from(runs, (run) => run.reduce((sum, unit) => sum + unit.sumUs, 0)),
    ofRow: new Int32Array(spanCount).fill(-1),
  };
  for (const [run, units] of runs.entries()) {
    columns.start[run + 1] = (columns.start[run] ?? 0) + units.length;
    for (const { row } of units) columns.ofRow[row] = run;
  }
  return columns;
}

/** No runs: the switch is off. */
export function noShortRuns(spanCount: number): ShortRuns {
  return toColumns([], spanCount);
}
