import type { TracePlan } from "./trace-plan";
import type { WaterfallLayout } from "./waterfall-layout";

/** The critical path as it runs through the rows shown: stretches ascending in time, and by row. */
export type PathLine = {
  count: number;
  /** Row of the waterfall per stretch. */
  row: Int32Array;
  fromUs: Float64Array;
  toUs: Float64Array;
  /** Stretches of row `r` are `byRow[rowStart[r]] .. byRow[rowStart[r + 1] - 1]`. */
  rowStart: Int32Array;
  byRow: Int32Array;
  /** Topmost and bottommost row of each block of stretches and the one before it. */
  blockTop: Int32Array;
  blockBottom: Int32Array;
};

/** Stretches that are passed over at once when none of them is near the rows asked for. */
const BLOCK = 128;

type Rows = Pick<WaterfallLayout, "count" | "indexOfGap">;

/**
 * Puts the path into the rows: each stretch goes where its span is seen (`rowOf`), so a folded row carries what runs
 * below it, and time nobody accounts for into the row of the gap. Neighbouring stretches of one row become one. Linear in
 * the path and the rows.
 */
export function placePath({ path, gaps }: Pick<TracePlan, "path" | "gaps">, rows: Rows, rowOf: Int32Array): PathLine {
  const most = path.row.length;
  const line = { row: new Int32Array(most), fromUs: new Float64Array(most), toUs: new Float64Array(most) };
  const gapAt = gapsByStart(gaps, rows);
  let count = 0;
  for (let at = 0; at < most; at += 1) {
    const span = path.row[at] ?? 0;
    const fromUs = path.fromUs[at] ?? 0;
    const row = gapAt.get(`${span} ${fromUs}`) ?? rowOf[span] ?? -1;
    if (row === -1) continue;
    if (count > 0 && line.row[count - 1] === row && line.toUs[count - 1] === fromUs) {
      line.toUs[count - 1] = path.toUs[at] ?? 0;
      continue;
    }
    line.row[count] = row;
    line.fromUs[count] = fromUs;
    line.toUs[count] = path.toUs[at] ?? 0;
    count += 1;
  }
  return { count, ...line, ...indexByRow(line.row, count, rows.count), ...boundBlocks(line.row, count) };
}

function boundBlocks(row: Int32Array, count: number): Pick<PathLine, "blockTop" | "blockBottom"> {
  const blocks = Math.ceil(count / BLOCK);
  const blockTop = new Int32Array(blocks).fill(0x7fffffff);
  const blockBottom = new Int32Array(blocks).fill(-1);
  for (let at = 0; at < count; at += 1) {
    const block = Math.floor(at / BLOCK);
    const before = row[Math.max(0, at - 1)] ?? 0;
    const own = row[at] ?? 0;
    blockTop[block] = Math.min(blockTop[block] ?? 0, own, before);
    blockBottom[block] = Math.max(blockBottom[block] ?? 0, own, before);
  }
  return { blockTop, blockBottom };
}

/** Rows of gaps by the stretch of their parent's own work that they are. */
function gapsByStart(gaps: TracePlan["gaps"], { indexOfGap }: Rows): Map<string, number> {
  const rows = new Map<string, number>();
  for (let gap = 0; gap < gaps.count; gap += 1) {
    const row = indexOfGap[gap] ?? -1;
    if (row !== -1) rows.set(`${gaps.parent[gap]} ${gaps.fromUs[gap]}`, row);
  }
  return rows;
}

function indexByRow(row: Int32Array, count: number, rowCount: number): Pick<PathLine, "rowStart" | "byRow"> {
  const rowStart = new Int32Array(rowCount + 1);
  for (let at = 0; at < count; at += 1) {
    const next = (row[at] ?? 0) + 1;
    rowStart[next] = (rowStart[next] ?? 0) + 1;
  }
  for (let at = 0; at < rowCount; at += 1) rowStart[at + 1] = (rowStart[at + 1] ?? 0) + (rowStart[at] ?? 0);
  const filled = rowStart.slice();
  const byRow = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    const own = row[at] ?? 0;
    byRow[filled[own] ?? 0] = at;
    filled[own] = (filled[own] ?? 0) + 1;
  }
  return { rowStart, byRow };
}

/** A place where the path moves to another row: at `atUs`, between rows `top` and `bottom`. */
export type PathTurn = { atUs: number; top: number; bottom: number };

/** Turns drawn at most; where more fall on one screen they are a black block anyway. */
const MAX_TURNS = 1_500;

/**
 * The turns that cross rows `from` to `to` within the window. Of those that go back and forth between the same two rows,
 * or pass through on their way from the same row to rows below, each within `leastUs` of the one before, only the first
 * and the last: a loop is a line, not a fence.
 */
export function findTurns(
  line: PathLine,
  rows: { from: number; to: number },
  window: { fromUs: number; toUs: number; leastUs: number },
): PathTurn[] {
  const turns = new TurnCollector(line.rowStart.length, rows.to, window.leastUs);
  for (let at = firstAfter(line, window.fromUs); at < line.count && !turns.isFull; at += 1) {
    const block = Math.floor(at / BLOCK);
    if ((line.blockBottom[block] ?? 0) < rows.from || (line.blockTop[block] ?? 0) >= rows.to) {
      at = (block + 1) * BLOCK - 1;
      continue;
    }
    const turn = turnAt(line, at);
    if (turn.atUs > window.toUs) break;
    if (turn.top !== turn.bottom && turn.bottom >= rows.from && turn.top < rows.to) turns.add(turn);
  }
  return turns.finish();
}

class TurnCollector {
  readonly #turns: PathTurn[] = [];
  readonly #loops = new Map<number, { isLast: boolean; turn: PathTurn }>();
  readonly #rowCount: number;
  readonly #toRow: number;
  readonly #leastUs: number;

  constructor(rowCount: number, toRow: number, leastUs: number) {
    this.#rowCount = rowCount;
    this.#toRow = toRow;
    this.#leastUs = leastUs;
  }

  get isFull(): boolean {
    return this.#turns.length >= MAX_TURNS;
  }

  add(turn: PathTurn): void {
    const key = turn.top * this.#rowCount + Math.min(turn.bottom, this.#toRow);
    const loop = this.#loops.get(key);
    if (loop !== undefined && turn.atUs - loop.turn.atUs < this.#leastUs) {
      this.#loops.set(key, { isLast: true, turn });
      return;
    }
    this.#end(key);
    this.#turns.push(turn);
    this.#loops.set(key, { isLast: false, turn });
  }

  finish(): PathTurn[] {
    for (const key of [...this.#loops.keys()]) this.#end(key);
    return this.#turns;
  }

  #end(key: number): void {
    const loop = this.#loops.get(key);
    if (loop?.isLast === true) this.#turns.push(loop.turn);
    this.#loops.delete(key);
  }
}

function turnAt({ row, fromUs }: PathLine, at: number): PathTurn {
  const before = row[at - 1] ?? 0;
  const after = row[at] ?? 0;
  return { atUs: fromUs[at] ?? 0, top: Math.min(before, after), bottom: Math.max(before, after) };
}

/** The first stretch but one that starts at or after a time. */
function firstAfter({ fromUs, count }: PathLine, atUs: number): number {
  let low = 1;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fromUs[middle] ?? 0) < atUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stretches shorter than this share of the path are passed over: a loop's pauses are not where anybody wants to go. */
const LEAST_STOP_SHARE = 0.005;

/**
 * The stretch the path enters after (`step` 1) or leaves before (-1) the row it is in; around the end if need be. Any
 * stretch will do when none is long.
 */
export function nextOnPath(line: PathLine, current: number | undefined, step: 1 | -1): number | undefined {
  const wholeUs = (line.toUs[line.count - 1] ?? 0) - (line.fromUs[0] ?? 0);
  return (
    findStop(line, { current, step, leastUs: wholeUs * LEAST_STOP_SHARE }) ??
    findStop(line, { current, step, leastUs: 0 })
  );
}

type Stop = { current: number | undefined; step: 1 | -1; leastUs: number };

function findStop(line: PathLine, { current, step, leastUs }: Stop): number | undefined {
  const at = current ?? -1;
  for (let i = 1; i <= line.count; i += 1) {
    const next = (((at + step * i) % line.count) + line.count) % line.count;
    const isLong = (line.toUs[next] ?? 0) - (line.fromUs[next] ?? 0) >= leastUs;
    if (isLong && (current === undefined || line.row[next] !== line.row[current])) return next;
  }
  return undefined;
}
