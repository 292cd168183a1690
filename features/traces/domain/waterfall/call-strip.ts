import type { TraceSkeleton } from "../trace-skeleton";

type Times = Pick<TraceSkeleton, "spanStartUs" | "spanDurationUs">;
type Window = { fromUs: number; toUs: number };

/** Drawn one by one up to this number; beyond it columns are summed, as they could not be told apart. */
export const MAX_DRAWN_CALLS = 600;

/** A call's place in the window (0..1), how high it stands against the longest (0..1), and its lane from 0. */
export type CallMark = { from: number; to: number; height: number; lane: number };

/**
 * The calls of a fold as marks at their real places in the window. `rows` come by start. Up to 600 calls each has its
 * own mark and lane (at most `lanes`); more are summed into as many columns, each as high as its longest call.
 */
export function markCalls(
  trace: Times,
  rows: Int32Array,
  { window, maxUs, lanes }: { window: Window; maxUs: number; lanes: number },
): CallMark[] {
  return rows.length <= MAX_DRAWN_CALLS
    ? markEach(trace, rows, { window, maxUs, lanes })
    : markColumns(trace, rows, { window, maxUs });
}

function markEach(
  trace: Times,
  rows: Int32Array,
  { window, maxUs, lanes }: { window: Window; maxUs: number; lanes: number },
): CallMark[] {
  const marks: CallMark[] = [];
  const laneEnds = new Float64Array(lanes).fill(Number.NEGATIVE_INFINITY);
  const widthUs = window.toUs - window.fromUs;
  for (const row of rows) {
    const startUs = trace.spanStartUs[row] ?? 0;
    const durationUs = trace.spanDurationUs[row] ?? 0;
    const lane = freeLane(laneEnds, startUs);
    laneEnds[lane] = startUs + durationUs;
    const from = (startUs - window.fromUs) / widthUs;
    const to = (startUs + durationUs - window.fromUs) / widthUs;
    if (to < 0 || from > 1) continue;
    marks.push({ from: Math.max(0, from), to: Math.min(1, to), height: maxUs > 0 ? durationUs / maxUs : 1, lane });
  }
  return marks;
}

function freeLane(ends: Float64Array, startUs: number): number {
  let earliest = 0;
  for (let lane = 0; lane < ends.length; lane += 1) {
    if ((ends[lane] ?? 0) <= startUs) return lane;
    if ((ends[lane] ?? 0) < (ends[earliest] ?? 0)) earliest = lane;
  }
  return earliest;
}

function markColumns(trace: Times, rows: Int32Array, { window, maxUs }: { window: Window; maxUs: number }) {
  const longest = new Float64Array(MAX_DRAWN_CALLS).fill(-1);
  const scale = MAX_DRAWN_CALLS / (window.toUs - window.fromUs);
  for (const row of rows) {
    const startUs = trace.spanStartUs[row] ?? 0;
    const durationUs = trace.spanDurationUs[row] ?? 0;
    const first = Math.floor((startUs - window.fromUs) * scale);
    const last = Math.floor((startUs + durationUs - window.fromUs) * scale);
    if (last < 0 || first >= MAX_DRAWN_CALLS) continue;
    for (let column = Math.max(0, first); column <= Math.min(MAX_DRAWN_CALLS - 1, last); column += 1)
      longest[column] = Math.max(longest[column] ?? 0, durationUs);
  }
  const marks: CallMark[] = [];
  for (const [column, durationUs] of longest.entries()) {
    if (durationUs < 0) continue;
    const from = column / MAX_DRAWN_CALLS;
    marks.push({ from, to: from + 1 / MAX_DRAWN_CALLS, height: maxUs > 0 ? durationUs / maxUs : 1, lane: 0 });
  }
  return marks;
}

/** A mark higher than this stands in the way of words beside the top of the longest. */
const IN_THE_WAY = 0.5;

/**
 * Where the longest call's time can be read: right of it, where the calls that follow for `room` (a share of the window) are
 * lower; else right of the last call. Undefined where neither has room, and where the longest is not in the window.
 */
export function placeForWords(marks: readonly CallMark[], slowestTo: number, room: number): number | undefined {
  if (slowestTo <= 0 || slowestTo > 1) return undefined;
  const isFree = (at: number) =>
    at >= 0 &&
    at + room <= 1 &&
    marks.every(({ from, to, height }) => height < IN_THE_WAY || to <= at + 1e-9 || from >= at + room);
  const last = marks.reduce((end, { to }) => Math.max(end, to), 0);
  return [slowestTo, last].find(isFree);
}

export type CallHistogram = { fromUs: number; toUs: number; counts: number[] };

/** How the calls' times spread, in `bins` of equal ratio; one bin when all took the same. Undefined without calls. */
export function binCalls(trace: Times, rows: Int32Array, bins: number): CallHistogram | undefined {
  if (rows.length === 0) return undefined;
  const durations = Float64Array.from(rows, (row) => Math.max(1, trace.spanDurationUs[row] ?? 0));
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = 0;
  for (const durationUs of durations) {
    fromUs = Math.min(fromUs, durationUs);
    toUs = Math.max(toUs, durationUs);
  }
  if (toUs === fromUs) return { fromUs, toUs, counts: [rows.length] };
  const counts = new Array<number>(bins).fill(0);
  for (const durationUs of durations) {
    const bin = binOf(durationUs, { fromUs, toUs }, bins);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { fromUs, toUs, counts };
}

/** Which bin a time falls into. */
export function binOf(durationUs: number, { fromUs, toUs }: { fromUs: number; toUs: number }, bins: number): number {
  if (toUs <= fromUs) return 0;
  const share = Math.log(Math.max(1, durationUs) / fromUs) / Math.log(toUs / fromUs);
  return Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
}
