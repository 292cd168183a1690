import { findCallGroups } from "../diagnosis/call-groups";
import { computeCriticalPath } from "../diagnosis/critical-path";
import { computeMinimapOwners, deepestLevel, MINIMAP_SIZE } from "../minimap-lanes";
import { computeSelfTime } from "../self-time";
import { hasFlag, NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import { findGaps, type Gaps } from "./find-gaps";

/** Fewer similar siblings than this are told one by one: a fold of three hides more than it saves. */
export const MIN_FOLDED_CALLS = 4;

/** Groups of similar siblings as columns; members of group `g` are `rows[start[g]] .. rows[start[g + 1] - 1]`, by start. */
export type FoldGroups = {
  count: number;
  start: Int32Array;
  rows: Int32Array;
  sumUs: Float64Array;
  p50Us: Float64Array;
  maxUs: Float64Array;
  /** Row of the longest call. */
  slowest: Int32Array;
  errors: Int32Array;
  /** How many ran at once at most. */
  concurrency: Int32Array;
  /** Group of each row of the trace, or -1. */
  ofRow: Int32Array;
};

/** The critical path as columns, ascending; see `computeCriticalPath`. */
export type PathColumns = {
  row: Int32Array;
  fromUs: Float64Array;
  toUs: Float64Array;
  /** Per row of the trace: time of the path in the row's own work, and in the row with all below it. */
  ownUs: Float64Array;
  throughUs: Float64Array;
};

/** What the waterfall needs to know of a trace beyond its columns. Typed arrays only, so that a worker can hand it over. */
export type TracePlan = {
  groups: FoldGroups;
  gaps: Gaps;
  path: PathColumns;
  selfUs: Float64Array;
  /** 1 where the row or one below it failed. */
  hasError: Uint8Array;
  /** Deepest level, from 0. */
  deepest: number;
  /** Owner of each place of the minimap; see `computeMinimapOwners`. */
  minimap: Int32Array;
};

/** Total over every shape; no recursion. 200,000 spans take some 300 ms, which is why a worker does it. */
export function computeTracePlan(trace: TraceSkeleton): TracePlan {
  const { segments, ownUs } = computeCriticalPath(trace);
  return {
    groups: toColumns(trace),
    gaps: findGaps(trace),
    path: {
      row: Int32Array.from(segments, ({ row }) => row),
      fromUs: Float64Array.from(segments, ({ fromUs }) => fromUs),
      toUs: Float64Array.from(segments, ({ toUs }) => toUs),
      ownUs,
      throughUs: sumUpwards(trace, ownUs),
    },
    selfUs: computeSelfTime(trace),
    hasError: computeErrors(trace),
    deepest: deepestLevel(trace),
    minimap: computeMinimapOwners(trace, MINIMAP_SIZE),
  };
}

/** The buffers to hand over instead of copying. */
export function buffersOf({ groups, gaps, path, selfUs, hasError, minimap }: TracePlan): ArrayBuffer[] {
  const columns = [groups, gaps, path].flatMap((part) => Object.values<unknown>(part)).filter(ArrayBuffer.isView);
  return [...columns, selfUs, hasError, minimap].map(({ buffer }) => buffer as ArrayBuffer);
}

/** The rows of a group. */
export function membersOf(groups: FoldGroups, group: number): Int32Array {
  return groups.rows.subarray(groups.start[group] ?? 0, groups.start[group + 1] ?? 0);
}

function toColumns(trace: TraceSkeleton): FoldGroups {
  const found = findCallGroups(trace, { minCount: MIN_FOLDED_CALLS });
  const groups: FoldGroups = {
    count: found.length,
    start: new Int32Array(found.length + 1),
    rows: new Int32Array(found.reduce((sum, { count }) => sum + count, 0)),
    sumUs: Float64Array.from(found, ({ sumUs }) => sumUs),
    p50Us: Float64Array.from(found, ({ p50Us }) => p50Us),
    maxUs: Float64Array.from(found, ({ maxUs }) => maxUs),
    slowest: new Int32Array(found.length),
    errors: new Int32Array(found.length),
    concurrency: new Int32Array(found.length),
    ofRow: new Int32Array(trace.spanCount).fill(-1),
  };
  for (const [group, { rows }] of found.entries()) {
    const from = groups.start[group] ?? 0;
    groups.start[group + 1] = from + rows.length;
    groups.rows.set(rows, from);
    groups.concurrency[group] = countConcurrent(trace, rows);
    let slowest = rows[0] ?? 0;
    for (const row of rows) {
      groups.ofRow[row] = group;
      if (hasFlag(trace, row, "error")) groups.errors[group] = (groups.errors[group] ?? 0) + 1;
      if ((trace.spanDurationUs[row] ?? 0) > (trace.spanDurationUs[slowest] ?? 0)) slowest = row;
    }
    groups.slowest[group] = slowest;
  }
  return groups;
}

/** The most of the rows, given by start, that ran at one moment; one that ends as another starts is not beside it. */
function countConcurrent(trace: TraceSkeleton, rows: readonly number[]): number {
  const ends = Float64Array.from(
    rows,
    (row) => (trace.spanStartUs[row] ?? 0) + (trace.spanDurationUs[row] ?? 0),
  ).sort();
  let most = 0;
  let ended = 0;
  for (const [started, row] of rows.entries()) {
    while (ended < started && (ends[ended] ?? 0) <= (trace.spanStartUs[row] ?? 0)) ended += 1;
    most = Math.max(most, started + 1 - ended);
  }
  return most;
}

function sumUpwards(trace: TraceSkeleton, ownUs: Float64Array): Float64Array {
  const sums = ownUs.slice();
  for (let row = trace.spanCount - 1; row >= 0; row -= 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    if (parent !== NO_PARENT) sums[parent] = (sums[parent] ?? 0) + (sums[row] ?? 0);
  }
  return sums;
}

function computeErrors(trace: TraceSkeleton): Uint8Array {
  const hasError = new Uint8Array(trace.spanCount);
  for (let row = trace.spanCount - 1; row >= 0; row -= 1) {
    if (hasFlag(trace, row, "error")) hasError[row] = 1;
    const parent = trace.parent[row] ?? NO_PARENT;
    if (hasError[row] === 1 && parent !== NO_PARENT) hasError[parent] = 1;
  }
  return hasError;
}
