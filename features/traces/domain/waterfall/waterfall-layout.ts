import { NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import type { Folds } from "../waterfall-rows";
import type { ShortRuns } from "./short-runs";
import type { TracePlan } from "./trace-plan";

/** What a row of the waterfall can be; the numbers stand in {@link WaterfallLayout.kind}. */
export const ROW_KINDS = ["span", "group", "short", "gap", "missing"] as const;
export type RowKind = (typeof ROW_KINDS)[number];
const SPAN = 0;
const GROUP = 1;
const SHORT = 2;
const GAP = 3;
const MISSING = 4;

/** Steps that are usually there, by the row they would stand below; `path` is an index into the usual paths. */
export type MissingSteps = { parent: number; path: number }[];

export type LayoutInput = {
  trace: TraceSkeleton;
  plan: TracePlan;
  shorts: ShortRuns;
  withGroups: boolean;
  /** 1 hides what is below a span. */
  folds: Folds;
  /** Groups and short runs told in full, by their first row. */
  openGroups: ReadonlySet<number>;
  openShorts: ReadonlySet<number>;
  missing: MissingSteps;
  /** Limits the rows to spans that match a filter or lead to one that does. */
  kept?: Uint8Array | undefined;
};

/** The rows a reader sees, top to bottom, as columns. */
export type WaterfallLayout = {
  count: number;
  kind: Uint8Array;
  /** A span, group, short run, gap or missing step, by its index. */
  ref: Int32Array;
  /** 0 for roots. */
  level: Int32Array;
  /** Place among its siblings, from 0. */
  position: Int32Array;
  /** Siblings, itself included. */
  setSize: Int32Array;
  /** Row of a span, group, run, gap; -1 where it is not shown. */
  indexOfSpan: Int32Array;
  indexOfGroup: Int32Array;
  indexOfShort: Int32Array;
  indexOfGap: Int32Array;
};

/** Time: linear in the rows shown and the members looked at, not in what is folded away. No recursion. */
export function layoutRows(input: LayoutInput): WaterfallLayout {
  return new LayoutWalk(input).run();
}

/** Siblings on their way: children of a span (`rows` undefined), or the members of a fold. */
type Frame = {
  rows: Int32Array | undefined;
  next: number;
  end: number;
  level: number;
  /** Whether members stand for themselves rather than for their group. */
  isInGroup: boolean;
  parent: number;
  set: number;
  shown: number;
};

class LayoutWalk {
  readonly #input: LayoutInput;
  readonly #out: WaterfallLayout;
  readonly #gapBefore: Int32Array;
  readonly #gapAtEnd: Int32Array;
  readonly #missingBelow = new Map<number, number[]>();
  readonly #sizes: number[] = [];
  readonly #setOf: Int32Array;
  readonly #frames: Frame[] = [];

  constructor(input: LayoutInput) {
    const { trace, plan, shorts, missing } = input;
    this.#input = input;
    for (const [at, { parent }] of missing.entries())
      this.#missingBelow.set(parent, [...(this.#missingBelow.get(parent) ?? []), at]);
    const most = trace.spanCount + plan.groups.count + shorts.count + plan.gaps.count + missing.length;
    this.#out = {
      count: 0,
      kind: new Uint8Array(most),
      ref: new Int32Array(most),
      level: new Int32Array(most),
      position: new Int32Array(most),
      setSize: new Int32Array(most),
      indexOfSpan: new Int32Array(trace.spanCount).fill(-1),
      indexOfGroup: new Int32Array(plan.groups.count).fill(-1),
      indexOfShort: new Int32Array(shorts.count).fill(-1),
      indexOfGap: new Int32Array(plan.gaps.count).fill(-1),
    };
    this.#setOf = new Int32Array(most);
    this.#gapBefore = new Int32Array(trace.spanCount).fill(-1);
    this.#gapAtEnd = new Int32Array(trace.spanCount).fill(-1);
    for (let gap = 0; gap < plan.gaps.count; gap += 1) {
      const before = plan.gaps.before[gap] ?? -1;
      if (before === -1) this.#gapAtEnd[plan.gaps.parent[gap] ?? 0] = gap;
      else this.#gapBefore[before] = gap;
    }
  }

  run(): WaterfallLayout {
    this.#pushChildren(NO_PARENT, 0);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.next < frame.end) this.#step(frame);
      else {
        this.#frames.pop();
        this.#closeChildren(frame);
        this.#sizes[frame.set] = frame.shown;
      }
    }
    const out = this.#out;
    for (let row = 0; row < out.count; row += 1) out.setSize[row] = this.#sizes[this.#setOf[row] ?? 0] ?? 0;
    const { count } = out;
    return {
      ...out,
      kind: out.kind.subarray(0, count),
      ref: out.ref.subarray(0, count),
      level: out.level.subarray(0, count),
      position: out.position.subarray(0, count),
      setSize: out.setSize.subarray(0, count),
    };
  }

  #step(frame: Frame): void {
    const { trace, kept } = this.#input;
    const row = frame.rows === undefined ? frame.next : (frame.rows[frame.next] ?? 0);
    frame.next = frame.rows === undefined ? (trace.subtreeEnd[row] ?? frame.end) : frame.next + 1;
    if (frame.rows === undefined && kept === undefined) this.#emitGap(frame, this.#gapBefore[row] ?? -1);
    if (frame.isInGroup) this.#emitSpan(frame, row);
    else this.#emitUnit(frame, row);
  }

  /** What stands for a child: itself, the group it leads, or the run of short ones it begins. */
  #emitUnit(frame: Frame, row: number): void {
    const { shorts } = this.#input;
    const run = frame.rows === undefined ? (shorts.ofRow[row] ?? -1) : -1;
    if (run !== -1) this.#emitShort(frame, run, row);
    else if (this.#groupOf(row) === -1) this.#emitSpan(frame, row);
    else this.#emitGroup(frame, this.#groupOf(row), row);
  }

  #emitShort(frame: Frame, run: number, row: number): void {
    const { shorts, openShorts } = this.#input;
    const from = shorts.start[run] ?? 0;
    if (shorts.rows[from] !== row) return;
    const rows = shorts.rows.subarray(from, shorts.start[run + 1] ?? from);
    if (!rows.some((member) => this.#isUnitKept(member))) return;
    this.#out.indexOfShort[run] = this.#emit(frame, SHORT, run);
    if (openShorts.has(row)) this.#pushMembers(rows, frame, false);
  }

  #emitGroup(frame: Frame, group: number, row: number): void {
    const { plan, openGroups } = this.#input;
    const from = plan.groups.start[group] ?? 0;
    if (plan.groups.rows[from] !== row || !this.#isUnitKept(row)) return;
    this.#out.indexOfGroup[group] = this.#emit(frame, GROUP, group);
    if (openGroups.has(row)) this.#pushMembers(this.#membersOf(group), frame, true);
  }

  #emitSpan(frame: Frame, row: number): void {
    const { trace, folds, kept } = this.#input;
    if (kept !== undefined && kept[row] !== 1) return;
    this.#out.indexOfSpan[row] = this.#emit(frame, SPAN, row);
    const hasBelow = (trace.childCount[row] ?? 0) > 0 || this.#missingBelow.has(row);
    if (hasBelow && folds[row] !== 1) this.#pushChildren(row, frame.level + 1);
  }

  #emitGap(frame: Frame, gap: number): void {
    if (gap !== -1) this.#out.indexOfGap[gap] = this.#emit(frame, GAP, gap);
  }

  #closeChildren(frame: Frame): void {
    if (frame.rows !== undefined || frame.parent === NO_PARENT || this.#input.kept !== undefined) return;
    this.#emitGap(frame, this.#gapAtEnd[frame.parent] ?? -1);
    for (const step of this.#missingBelow.get(frame.parent) ?? []) this.#emit(frame, MISSING, step);
  }

  #emit(frame: Frame, kind: number, ref: number): number {
    const out = this.#out;
    const at = out.count;
    out.kind[at] = kind;
    out.ref[at] = ref;
    out.level[at] = frame.level;
    out.position[at] = frame.shown;
    this.#setOf[at] = frame.set;
    frame.shown += 1;
    out.count = at + 1;
    return at;
  }

  #pushChildren(parent: number, level: number): void {
    const { trace } = this.#input;
    const next = parent + 1;
    const end = parent === NO_PARENT ? trace.spanCount : (trace.subtreeEnd[parent] ?? next);
    this.#push({ rows: undefined, next, end, level, isInGroup: false, parent });
  }

  #pushMembers(rows: Int32Array, { level, parent }: Frame, isInGroup: boolean): void {
    this.#push({ rows, next: 0, end: rows.length, level: level + 1, isInGroup, parent });
  }

  #push(frame: Omit<Frame, "set" | "shown">): void {
    this.#frames.push({ ...frame, set: this.#sizes.push(0) - 1, shown: 0 });
  }

  #groupOf(row: number): number {
    return this.#input.withGroups ? (this.#input.plan.groups.ofRow[row] ?? -1) : -1;
  }

  #membersOf(group: number): Int32Array {
    const { groups } = this.#input.plan;
    return groups.rows.subarray(groups.start[group] ?? 0, groups.start[group + 1] ?? 0);
  }

  #isUnitKept(row: number): boolean {
    const { kept } = this.#input;
    if (kept === undefined) return true;
    const group = this.#groupOf(row);
    return group === -1 ? kept[row] === 1 : this.#membersOf(group).some((member) => kept[member] === 1);
  }
}
