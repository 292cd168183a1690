import type { TraceSkeleton } from "../trace-skeleton";
import type { FoldContext } from "./fold-context";
import type { RowKind } from "./waterfall-layout";

/** Where most of a row's time goes: a span; `isExact` when it must be seen in its own row, not in the fold it is in. */
export type Widest = { span: number; isExact: boolean };

/**
 * Of a span the child that takes longest, similar ones counted together; of a fold its slowest call; of short ones the
 * longest. Undefined where nothing is below.
 */
export function widestBelow(context: FoldContext, row: { kind: RowKind; ref: number } | undefined): Widest | undefined {
  const { trace, plan, shorts } = context;
  switch (row?.kind) {
    case "span":
      return widestChild(context, row.ref);
    case "group":
      return { span: plan.groups.slowest[row.ref] ?? 0, isExact: true };
    case "short": {
      const from = shorts.start[row.ref] ?? 0;
      const span = longestOf(trace, shorts.rows.subarray(from, shorts.start[row.ref + 1] ?? from));
      return span === undefined ? undefined : { span, isExact: true };
    }
    default:
      return undefined;
  }
}

function widestChild({ trace, plan, withGroups }: FoldContext, parent: number): Widest | undefined {
  let widest: Widest | undefined;
  let widestUs = -1;
  const end = trace.subtreeEnd[parent] ?? parent + 1;
  for (let child = parent + 1; child < end; child = trace.subtreeEnd[child] ?? end) {
    const group = withGroups ? (plan.groups.ofRow[child] ?? -1) : -1;
    const timeUs = group === -1 ? (trace.spanDurationUs[child] ?? 0) : (plan.groups.sumUs[group] ?? 0);
    if (timeUs <= widestUs) continue;
    widestUs = timeUs;
    widest = { span: group === -1 ? child : (plan.groups.slowest[group] ?? child), isExact: false };
  }
  return widest;
}

function longestOf(trace: TraceSkeleton, rows: Int32Array): number | undefined {
  let longest = rows[0];
  for (const row of rows) {
    if ((trace.spanDurationUs[row] ?? 0) > (trace.spanDurationUs[longest ?? row] ?? 0)) longest = row;
  }
  return longest;
}
