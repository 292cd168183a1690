import { NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import type { ShortRuns } from "./short-runs";
import type { TracePlan } from "./trace-plan";
import { ROW_KINDS, type RowKind, type WaterfallLayout } from "./waterfall-layout";

export type Located = {
  trace: Pick<TraceSkeleton, "parent">;
  plan: Pick<TracePlan, "groups">;
  shorts: ShortRuns;
  withGroups: boolean;
  layout: WaterfallLayout;
};

/** The row a span is seen in: its own, the fold it is part of, or that of the nearest span above; -1 when none is shown. */
export function locateSpan(located: Located, span: number): number {
  const { parent } = located.trace;
  for (let row = span; row !== NO_PARENT; row = parent[row] ?? NO_PARENT) {
    const index = indexOfRow(located, row);
    if (index !== -1) return index;
  }
  return -1;
}

/** {@link locateSpan} of every span in one pass, as parents stand above their children. */
export function locateSpans(located: Located): Int32Array {
  const { parent } = located.trace;
  const seen = new Int32Array(parent.length);
  for (let row = 0; row < parent.length; row += 1) {
    const own = indexOfRow(located, row);
    seen[row] = own === -1 ? (seen[parent[row] ?? NO_PARENT] ?? -1) : own;
  }
  return seen;
}

/** The row of a span itself, of its group, or of the short run either is in; -1 when none is shown. */
function indexOfRow(located: Located, row: number): number {
  const { layout } = located;
  const own = layout.indexOfSpan[row] ?? -1;
  if (own !== -1) return own;
  const { group, run } = foldsOf(located, row);
  const inGroup = layout.indexOfGroup[group] ?? -1;
  return inGroup === -1 ? (layout.indexOfShort[run] ?? -1) : inGroup;
}

type Folded = Omit<Located, "layout">;

/** The group of a row and the short run it is in, -1 for none; `unit` is the row that stands for it among its siblings. */
function foldsOf({ plan, shorts, withGroups }: Folded, row: number): { group: number; run: number; unit: number } {
  const { groups } = plan;
  const group = withGroups ? (groups.ofRow[row] ?? -1) : -1;
  const unit = group === -1 ? row : (groups.rows[groups.start[group] ?? 0] ?? row);
  return { group, unit, run: shorts.ofRow[unit] ?? -1 };
}

/** The fold that a span is a call of, as rows name it: its group, or the short run it or its group is in; -1 for none. */
export function foldOfSpan(folded: Folded, span: number, kind: "group" | "short"): number {
  const { group, run } = foldsOf(folded, span);
  return kind === "group" ? group : run;
}

/** What must be opened for a span to be seen in its own row: spans to unfold, groups and runs by their first row. */
export type Way = { spans: number[]; groups: number[]; shorts: number[] };

/**
 * The folds above a span, and around it when `isExact`; without, the fold it is itself a call of may stay closed, as
 * calls of a fold are looked at one by one.
 */
export function findWay(folded: Folded, span: number, isExact = false): Way {
  const { trace, shorts } = folded;
  const way: Way = { spans: [], groups: [], shorts: [] };
  for (let row = span; row !== NO_PARENT; row = trace.parent[row] ?? NO_PARENT) {
    const mustOpen = isExact || row !== span;
    const { group, run, unit } = foldsOf(folded, row);
    if (row !== span) way.spans.push(row);
    if (group !== -1 && mustOpen) way.groups.push(unit);
    // A group in a short run is opened to be seen as a group; a span in one is looked at from outside.
    if (run !== -1 && (mustOpen || group !== -1)) way.shorts.push(shorts.rows[shorts.start[run] ?? 0] ?? unit);
  }
  return way;
}

/** What a row of the layout is. */
export function rowAt(layout: WaterfallLayout, index: number): { kind: RowKind; ref: number } | undefined {
  const kind = ROW_KINDS[layout.kind[index] ?? -1];
  return index < 0 || index >= layout.count || kind === undefined ? undefined : { kind, ref: layout.ref[index] ?? 0 };
}

/** The row above one in the tree, or -1. */
export function parentIndex(layout: WaterfallLayout, index: number): number {
  const level = layout.level[index] ?? 0;
  // Siblings know their place, so the walk jumps over none and ends at the first row one level up.
  for (let at = index - 1; at >= 0; at -= 1) if ((layout.level[at] ?? 0) < level) return at;
  return -1;
}
