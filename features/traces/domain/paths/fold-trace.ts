import * as z from "zod/mini";
import { computeSelfTime } from "../self-time";
import { SPAN_CATEGORIES } from "../span-category";
import { colouredAs, serviceOf } from "../span-text";
import { computeFacts, findRoot } from "../trace-facts";
import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import { internRows, isCallOfPath, type MAX_PATH_DEPTH, type PathTree } from "./path-tree";

/** Durations kept of the calls of one path in one trace; more calls are stood for by evenly spaced ones. */
const MAX_CALLS_KEPT = 8;
const MAX_SYSTEMS = 30;

export const foldedPathSchema = z.object({
  /** Index into the tree's nodes. */
  path: z.number().check(z.int(), z.minimum(0)),
  calls: z.number(),
  errors: z.number(),
  /** Sum of the calls' durations; calls side by side count each. */
  totalUs: z.number(),
  /** How long one or more of the calls ran: calls side by side count once. */
  busyUs: z.number(),
  /** Sum of what the calls' children do not cover. */
  ownUs: z.number(),
  /** Time of the critical path in the calls' own work. Sums over all paths to the request's duration. */
  onPathUs: z.number(),
  /** Start of the first call, after the trace's. */
  firstStartUs: z.number(),
  maxCallUs: z.number(),
  /** Up to eight durations that stand for all, ascending. */
  callsUs: z.array(z.number()),
});
/** What one trace did on one path. */
export type FoldedPath = z.infer<typeof foldedPathSchema>;

export const foldedTraceSchema = z.object({
  traceId: z.string(),
  startUs: z.number(),
  /** How long the caller waited: the critical path, which covers the root. */
  durationUs: z.number(),
  spanCount: z.number(),
  errorSpanCount: z.number(),
  /** Whether the root failed. */
  isFailed: z.boolean(),
  /** Calls to databases. */
  queryCount: z.number(),
  rootService: z.string(),
  rootOperation: z.string(),
  /** What the root's process says of itself: host, version, runtime. */
  traits: z.record(z.string(), z.string()),
  paths: z.array(foldedPathSchema),
  /** What was waited for besides the root's own service: calls, and time during which one or more were running. */
  systems: z.array(z.object({ name: z.string(), calls: z.number(), busyUs: z.number() })),
});
/** A trace as the sum of its steps: small, and comparable with others folded into the same tree. */
export type FoldedTrace = z.infer<typeof foldedTraceSchema>;

type FoldInput = {
  traceId: string;
  trace: TraceSkeleton;
  onPathUs: Float64Array;
  traits?: Record<string, string> | undefined;
};

/**
 * Folds a trace into a tree that others share. Total over every shape: forests have several roots, depth beyond
 * {@link MAX_PATH_DEPTH} counts as work of the ancestor there.
 *
 * @param onPathUs per row, time of the critical path in the row's own work
 */
export function foldTrace({ traceId, trace, onPathUs, traits = {} }: FoldInput, tree: PathTree): FoldedTrace {
  const { rootService, rootOperation, errorSpanCount } = computeFacts(trace);
  const root = findRoot(trace) ?? 0;
  const paths = foldRows(trace, onPathUs, internRows(trace, tree));
  return {
    traceId,
    startUs: trace.startUs,
    durationUs: paths.reduce((sum, path) => sum + path.onPathUs, 0),
    spanCount: trace.spanCount,
    errorSpanCount,
    isFailed: hasFlag(trace, root, "error"),
    queryCount: countQueries(trace),
    rootService,
    rootOperation,
    traits,
    paths,
    systems: sumSystems(trace),
  };
}

type Interval = [fromUs: number, toUs: number];
type Sums = Omit<FoldedPath, "callsUs" | "maxCallUs" | "busyUs"> & { intervals: Interval[] };

function foldRows(trace: TraceSkeleton, onPathUs: Float64Array, pathOfRow: Int32Array): FoldedPath[] {
  const selfUs = computeSelfTime(trace);
  const sums = new Map<number, Sums>();
  for (let row = 0; row < trace.spanCount; row += 1) {
    const path = pathOfRow[row] ?? 0;
    const sum = sums.get(path) ?? newSums(path, trace.spanStartUs[row] ?? 0);
    sums.set(path, sum);
    sum.firstStartUs = Math.min(sum.firstStartUs, trace.spanStartUs[row] ?? 0);
    sum.ownUs += selfUs[row] ?? 0;
    sum.onPathUs += onPathUs[row] ?? 0;
    if (hasFlag(trace, row, "error")) sum.errors += 1;
    if (!isCallOfPath(trace, row)) continue;
    sum.calls += 1;
    const [fromUs, durationUs] = [trace.spanStartUs[row] ?? 0, trace.spanDurationUs[row] ?? 0];
    sum.totalUs += durationUs;
    sum.intervals.push([fromUs, fromUs + durationUs]);
  }
  return [...sums.values()].map(({ intervals, ...sum }) => {
    const sorted = intervals.map(([fromUs, toUs]) => toUs - fromUs).sort((a, b) => a - b);
    return { ...sum, busyUs: unionUs(intervals), maxCallUs: sorted.at(-1) ?? 0, callsUs: thinOut(sorted) };
  });
}

function newSums(path: number, firstStartUs: number): Sums {
  return { path, calls: 0, errors: 0, totalUs: 0, ownUs: 0, onPathUs: 0, firstStartUs, intervals: [] };
}

/** Evenly spaced values of a sorted list, from the middles of equal shares. */
function thinOut(sorted: readonly number[]): number[] {
  if (sorted.length <= MAX_CALLS_KEPT) return [...sorted];
  return Array.from(
    { length: MAX_CALLS_KEPT },
    (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / MAX_CALLS_KEPT)] ?? 0,
  );
}

const DATABASE = SPAN_CATEGORIES.indexOf("database");

/** Calls to databases: a library's span around the driver's is the same call. */
function countQueries({ spanCount, category, parent }: TraceSkeleton): number {
  let count = 0;
  for (let row = 0; row < spanCount; row += 1) {
    if (category[row] === DATABASE && !(category[row + 1] === DATABASE && parent[row + 1] === row)) count += 1;
  }
  return count;
}

const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** Calls and busy time of each system other than the root's service; work that nobody waits for (consumers) is left out. */
function sumSystems(trace: TraceSkeleton): FoldedTrace["systems"] {
  const own = trace.spanCount === 0 ? "" : serviceOf(trace, 0);
  const calls = new Map<string, Interval[]>();
  for (let row = 0; row < trace.spanCount; row += 1) {
    if (trace.kind[row] === CONSUMER) {
      row = (trace.subtreeEnd[row] ?? row + 1) - 1;
      continue;
    }
    const system = colouredAs(trace, row);
    const above = trace.parent[row] ?? NO_PARENT;
    // Inside a system, its inner spans are the same visit.
    if (system === own || (above !== NO_PARENT && colouredAs(trace, above) === system)) continue;
    const from = trace.spanStartUs[row] ?? 0;
    const known = calls.get(system) ?? [];
    known.push([from, from + (trace.spanDurationUs[row] ?? 0)]);
    calls.set(system, known);
  }
  return [...calls]
    .map(([name, visits]) => ({ name, calls: visits.length, busyUs: unionUs(visits) }))
    .sort((a, b) => b.busyUs - a.busyUs || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_SYSTEMS);
}

function unionUs(visits: Interval[]): number {
  let sumUs = 0;
  let reachedUs = Number.NEGATIVE_INFINITY;
  for (const [from, to] of visits.sort(([a], [b]) => a - b)) {
    if (to <= reachedUs) continue;
    sumUs += to - Math.max(from, reachedUs);
    reachedUs = to;
  }
  return sumUs;
}
