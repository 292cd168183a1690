import { formatCount, formatDuration } from "@/lib/format";
import { MIN_SKEW_US } from "../clock-shifts";
import { type CallGroup, findCallGroups } from "../diagnosis/call-groups";
import { computeCriticalPath } from "../diagnosis/critical-path";
import { outlastsAnswer } from "../length-note";
import { lengthOf } from "../length-of-trace";
import { detailOf, nameOf, serviceOf } from "../span-text";
import { countRoots } from "../trace-facts";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { traceTrust } from "../trace-trust";
import { computeClockAgreement } from "../verdict/clock-agreement";
import { cutTo, wrap } from "./columns";

const BAR_WIDTH = 32;
/** Fewer alike are shown one by one. */
const MIN_FOLD = 4;
const MAX_INDENT = 20;

type Options = { width: number; maxRows: number };

/** A trace with what is known of it beside its spans. */
type Shown = {
  trace: TraceSkeleton;
  facts: Omit<Parameters<typeof traceTrust>[0], "spanCount" | "clocks" | "rootCount">;
};

/**
 * A waterfall of characters: `█` where the row's own work decided the duration, `─` where the span only ran. Similar
 * siblings are one row (`× 214`). Beyond `maxRows` it says how many rows are left out. Its times
 * are those of the trace's page: how long the caller waited, spans where they ran, what is doubtful of them above. No
 * recursion.
 */
export function toShowText({ trace, facts }: Shown, { width, maxRows }: Options): string {
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
    `${formatCount(rows.length)} rows for ${formatCount(trace.spanCount)} ${trace.spanCount === 1 ? "span" : "spans"}, ${lengthText(trace)}`,
    ...doubtLines({ trace, facts }, width),
    ...lines,
    ...(left > 0 ? [`… ${formatCount(left)} more rows: --rows ${rows.length} shows them`] : []),
  ].join("\n");
}

/** How long the caller waited, and what went on after that. */
function lengthText(trace: TraceSkeleton): string {
  const { durationUs, requestUs = durationUs } = lengthOf(trace);
  const after = outlastsAnswer({ durationUs, requestUs }) ? `, work went on until ${formatDuration(durationUs)}` : "";
  return `${formatDuration(requestUs)}${after}`;
}

/** What a reader must know before believing the rows: the warnings among the badges of the trace's page. */
function doubtLines({ trace, facts }: Shown, width: number): string[] {
  const known = { spanCount: trace.spanCount, clocks: computeClockAgreement(trace), rootCount: countRoots(trace) };
  return traceTrust({ ...facts, ...known })
    .filter(({ tone }) => tone === "warn")
    .flatMap(({ text, why }) => wrap(`! ${text}: ${why}`, width, "  "));
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

/** Told at the span whose clock is off; what is below it went along. */
function movedText({ clockShifts = [] }: TraceSkeleton, row: number): string {
  const shift = clockShifts.find((one) => one.row === row && Math.abs(one.byUs) >= MIN_SKEW_US);
  if (shift === undefined) return "";
  return `(moved ${formatDuration(Math.abs(shift.byUs))} ${shift.byUs > 0 ? "later" : "earlier"}) `;
}

function labelOf(trace: TraceSkeleton, row: number, fold: CallGroup | undefined): string {
  const indent = "  ".repeat(Math.min(MAX_INDENT, trace.depth[row] ?? 0));
  const times = fold === undefined ? "" : `× ${formatCount(fold.count)} `;
  const mark = `${hasFlag(trace, row, "error") ? "× failed " : ""}${movedText(trace, row)}`;
  const detail = detailOf(trace, row);
  return `${indent}${times}${mark}${serviceOf(trace, row)} ${nameOf(trace, row)}${detail === "" ? "" : `  ${detail}`}`;
}
