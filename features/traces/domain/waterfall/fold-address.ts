import type { TraceSkeleton } from "../trace-skeleton";
import { type Folds, foldBelow } from "../waterfall-rows";

/** What a reader folded and unfolded. */
export type FoldState = { folds: Folds; openGroups: ReadonlySet<number>; openShorts: ReadonlySet<number> };

type Tree = Pick<TraceSkeleton, "spanCount" | "parent" | "depth" | "childCount" | "subtreeEnd">;

/** An address longer than this breaks in chats and proxies; then the folds stay out of it. */
const MAX_TEXT = 1_200;
const MAX_LEVELS = 8;

/**
 * The folds as text, "" when nothing is: the number of spans they were counted in, then `l3` (three levels open) or the
 * folded rows, opened groups (`g`) and opened short runs (`s`), in base 36, each as the distance from the one before.
 */
export function toFoldText(trace: Tree, { folds, openGroups, openShorts }: FoldState): string {
  const parts = [foldsText(trace, folds), setText("g", openGroups), setText("s", openShorts)].filter(Boolean);
  const text = [trace.spanCount.toString(36), ...parts].join("~");
  return parts.length === 0 || text.length > MAX_TEXT ? "" : text;
}

/** Reads {@link toFoldText}; nothing is folded when the text is of other rows or makes no sense. */
export function parseFoldText(trace: Tree, text: string): FoldState {
  const state = {
    folds: new Uint8Array(trace.spanCount),
    openGroups: new Set<number>(),
    openShorts: new Set<number>(),
  };
  const [count, ...parts] = text.slice(0, MAX_TEXT).split("~");
  if (Number.parseInt(count ?? "", 36) !== trace.spanCount) return state;
  for (const part of parts) {
    const rows = toRows(part.slice(1), trace.spanCount);
    if (part.startsWith("g")) state.openGroups = new Set(rows);
    else if (part.startsWith("s")) state.openShorts = new Set(rows);
    else if (part.startsWith("f")) for (const row of rows) state.folds[row] = 1;
    else if (/^l[1-8]$/.test(part)) state.folds = new Uint8Array(foldBelow(trace, Number(part.slice(1))));
  }
  return state;
}

function foldsText(trace: Tree, folds: Folds): string {
  if (!folds.includes(1)) return "";
  for (let levels = 1; levels <= MAX_LEVELS; levels += 1) {
    const same = foldBelow(trace, levels);
    if (same.every((folded, row) => folded === folds[row])) return `l${levels}`;
  }
  const rows: number[] = [];
  for (let row = folds.indexOf(1); row !== -1; row = folds.indexOf(1, row + 1)) rows.push(row);
  return setText("f", rows);
}

function setText(letter: string, rows: Iterable<number>): string {
  const sorted = [...rows].sort((a, b) => a - b);
  if (sorted.length === 0) return "";
  return letter + sorted.map((row, at) => (row - (sorted[at - 1] ?? 0)).toString(36)).join(".");
}

function toRows(text: string, spanCount: number): number[] {
  const rows: number[] = [];
  let row = 0;
  for (const part of text.split(".")) {
    if (!/^[0-9a-z]{1,7}$/.test(part)) return rows;
    row += Number.parseInt(part, 36);
    if (row < spanCount) rows.push(row);
  }
  return rows;
}
