import { NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import { computeCallShapes } from "./call-shapes";

/** Siblings that do the same thing but for values. */
export type CallGroup = {
  /** Row of their parent, or -1 for roots. */
  parent: number;
  /** By start. */
  rows: number[];
  /** The same for the same shape of call throughout the trace. */
  key: string;
  count: number;
  sumUs: number;
  p50Us: number;
  maxUs: number;
  /** Whether they ran one after another: no two of them overlap by more than a twentieth of their time. */
  isSequential: boolean;
};

/** Overlap that rounding and late callbacks cause, as a share of the group's time. */
const OVERLAP_SHARE = 0.05;

/**
 * Groups of at least `minCount` similar siblings, wherever among their siblings they stand (interleaved ones too), by
 * row of the first. What two wrappers of one call wrap makes them different, so `find_by_sql` of two statements is two
 * groups.
 */
export function findCallGroups(trace: TraceSkeleton, { minCount = 2 }: { minCount?: number } = {}): CallGroup[] {
  const shapes = computeChainShapes(trace);
  const groups: { parent: number; shape: number; rows: number[] }[] = [];
  const known = new Map<number, number>();
  for (let row = 0; row < trace.spanCount; row += 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    const shape = shapes.ofRow[row] ?? 0;
    const id = (parent + 1) * shapes.count + shape;
    const at = known.get(id) ?? groups.push({ parent, shape, rows: [] }) - 1;
    known.set(id, at);
    groups[at]?.rows.push(row);
  }
  return groups
    .filter(({ rows }) => rows.length >= minCount)
    .map(({ parent, shape, rows }) => ({ parent, rows, key: shapes.keyOf(shape), ...measure(trace, rows) }));
}

/** The shape of a row and, where it has a single child, of the chain below it. */
function computeChainShapes(trace: TraceSkeleton) {
  const { ofRow: shapeOf, keys } = computeCallShapes(trace);
  const ofRow = new Int32Array(trace.spanCount);
  const chains: { shape: number; below: number }[] = [];
  const known = new Map<number, number>();
  for (let row = trace.spanCount - 1; row >= 0; row -= 1) {
    const below = trace.childCount[row] === 1 ? (ofRow[row + 1] ?? 0) + 1 : 0;
    const shape = shapeOf[row] ?? 0;
    const id = below * (keys.length + 1) + shape;
    const chain = known.get(id) ?? chains.push({ shape, below }) - 1;
    known.set(id, chain);
    ofRow[row] = chain;
  }
  return { ofRow, count: chains.length, keyOf: (chain: number) => chainKey(chains, keys, chain) };
}

/** Levels of a chain its key tells; deeper ones differ in number only. */
const MAX_KEY_LEVELS = 8;

function chainKey(chains: readonly { shape: number; below: number }[], keys: readonly string[], chain: number): string {
  const levels: string[] = [];
  for (let at = chain; at >= 0 && levels.length < MAX_KEY_LEVELS; at = (chains[at]?.below ?? 0) - 1) {
    levels.push(keys[chains[at]?.shape ?? 0] ?? "");
  }
  return `${chain}\0${levels.join("\0>\0")}`;
}

function measure(trace: TraceSkeleton, rows: readonly number[]) {
  const durations = Float64Array.from(rows, (row) => trace.spanDurationUs[row] ?? 0).sort();
  const sumUs = durations.reduce((sum, durationUs) => sum + durationUs, 0);
  return {
    count: rows.length,
    sumUs,
    p50Us: durations[Math.floor((durations.length - 1) / 2)] ?? 0,
    maxUs: durations.at(-1) ?? 0,
    isSequential: overlapUs(trace, rows) <= sumUs * OVERLAP_SHARE,
  };
}

/** How long two or more of the rows ran at once; rows come by start. */
function overlapUs(trace: TraceSkeleton, rows: readonly number[]): number {
  let reached = Number.NEGATIVE_INFINITY;
  let sumUs = 0;
  for (const row of rows) {
    const from = trace.spanStartUs[row] ?? 0;
    const to = from + (trace.spanDurationUs[row] ?? 0);
    sumUs += Math.max(0, Math.min(reached, to) - from);
    reached = Math.max(reached, to);
  }
  return sumUs;
}
