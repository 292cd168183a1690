import { formatCount, formatDuration } from "@/lib/format";
import { type CallGroup, findCallGroups } from "../diagnosis/call-groups";
import { computeCriticalPath } from "../diagnosis/critical-path";
import { detailOf, nameOf, serviceOf } from "../span-text";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { cutTo } from "./columns";

const BAR_WIDTH = 32;
/** Fewer alike are shown one by one. */
const MIN_FOLD = 4;
const MAX_INDENT = 20;

type Options = { width: number; maxRows: number };

/**
 * A waterfall of characters: `█` where the row's own work decided the duration, `─` where the span only ran. Similar
 * siblings are one row (`× 214`). Beyond `maxRows` it says how many rows are left out. No recursion.
 */
export function toShowText(trace: TraceSkeleton, { width, maxRows }: Options): string {
  const path = computeCriticalPath(trace);
  const folds = foldsOf(trace);
  const rows = visibleRows(trace, folds);
  const onPath = segmentsByRow(path.segments);
  const lines = rows.slice(0, maxRows).map((row) => {
    const fold = folds.get(row);
    const bar = barOf(trace, fold?.rows ?? [row], onPath);
    const time = formatDuration(fold?.sumUs ?? trace.spanDurationUs[row] ?? 0).padStart(9);
    return `${bar}  ${time}  ${cutTo(labelOf(trace, row, fold), Math.max(20, width - BAR_WIDTH - 13))}`;
  });
  const left = rows.length - lines.length;
  return [
    `${formatCount(rows.length)} rows for ${formatCount(trace.spanCount)} spans, ${formatDuration(trace.durationUs)}`,
    ...lines,
    ...(left > 0 ? [`… ${formatCount(left)} more rows: --rows ${rows.length} shows them`] : []),
  ].join("\n");
}

function foldsOf(trace: TraceSkeleton): Map<number, CallGroup> {
  return new Map(findCallGroups(trace, { minCount: MIN_FOLD }).map((group) => [group.rows[0] ?? 0, group]));
}

/** Rows in order; of a fold the first stands for all and nothing below it is shown. */
function visibleRows(trace: TraceSkeleton, folds: ReadonlyMap<number, CallGroup>): number[] {
  const folded = new Uint8Array(trace.spanCount);
  for (const { rows } of folds.values()) for (const row of rows) folded[row] = 1;
  const visible: number[] = [];
  let row = 0;
  while (row < trace.spanCount) {
    if (folded[row] === 0 || folds.has(row)) visible.push(row);
    row = folded[row] === 1 ? (trace.subtreeEnd[row] ?? row + 1) : row + 1;
  }
  return visible;
}

type Stretch = { fromUs: number; toUs: number };

function segmentsByRow(segments: readonly (Stretch & { row: number })[]): Map<number, Stretch[]> {
  const byRow = new Map<number, Stretch[]>();
  for (const { row, fromUs, toUs } of segments) {
    const known = byRow.get(row);
    if (known === undefined) byRow.set(row, [{ fromUs, toUs }]);
    else known.push({ fromUs, toUs });
  }
  return byRow;
}

function barOf(trace: TraceSkeleton, rows: readonly number[], onPath: ReadonlyMap<number, Stretch[]>): string {
  const cells = new Array<string>(BAR_WIDTH).fill(" ");
  const scale = BAR_WIDTH / Math.max(1, trace.durationUs);
  const paint = (fromUs: number, toUs: number, mark: string) => {
    const from = Math.min(BAR_WIDTH - 1, Math.max(0, Math.floor(fromUs * scale)));
    const to = Math.min(BAR_WIDTH, Math.max(from + 1, Math.ceil(toUs * scale)));
    for (let cell = from; cell < to; cell += 1) cells[cell] = mark;
  };
  for (const row of rows) {
    const from = trace.spanStartUs[row] ?? 0;
    paint(from, from + (trace.spanDurationUs[row] ?? 0), "─");
  }
  for (const row of rows) for (const { fromUs, toUs } of onPath.get(row) ?? []) paint(fromUs, toUs, "█");
  return cells.join("");
}

function labelOf(trace: TraceSkeleton, row: number, fold: CallGroup | undefined): string {
  const indent = "  ".repeat(Math.min(MAX_INDENT, trace.depth[row] ?? 0));
  const times = fold === undefined ? "" : `× ${formatCount(fold.count)} `;
  const mark = hasFlag(trace, row, "error") ? "× failed " : "";
  const detail = detailOf(trace, row);
  return `${indent}${times}${mark}${serviceOf(trace, row)} ${nameOf(trace, row)}${detail === "" ? "" : `  ${detail}`}`;
}
