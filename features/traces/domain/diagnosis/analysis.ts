import type { Baseline } from "../paths/baseline";
import { detailOf, nameOf, serviceOf } from "../span-text";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { computeCallShapes } from "./call-shapes";
import { ownUsOf } from "./critical-path";
import type { Hints } from "./hints";
import { type Journey, toJourneys } from "./journey";
import { groupSteps, type StepGroup } from "./step-groups";
import { type Timeline, toTimeline } from "./timeline";
import { toUsual, type Usual } from "./usual";
import { toIsWaiting } from "./waiting-spans";

/** Everything the searches for causes look at, computed once. Nodes are the timeline's, rows the skeleton's. */
export type Analysis = {
  trace: TraceSkeleton;
  timeline: Timeline;
  journey: Journey;
  /** Time of the journey in each node's own work. */
  ownUs: Float64Array;
  /** Visits the stretches of that, ascending. */
  eachStretch: (node: number, visit: (fromUs: number, toUs: number) => void) => void;
  /** The same with all below it. */
  withinUs: (node: number) => number;
  durationUs: (node: number) => number;
  groups: StepGroup[];
  groupOf: Int32Array;
  shapeOf: (node: number) => number;
  /** Number of the span's one-line detail as it came, values and all. */
  detailOf: (node: number) => number;
  usual: Usual;
  /** Whether a call says that it was sent again after a failure. */
  isResent: (node: number) => boolean;
  /** Whether a call was not answered as asked, though its span may not say that it failed. */
  isRefused: (node: number) => boolean;
  /** What a node's span says of its failure: the exception's type and message, else its status. */
  errorOf: (node: number) => string | undefined;
  /** What a node's span noted while it ran, microseconds after the trace's start. */
  eventsOf: (node: number) => readonly { name: string; atUs: number }[];
  /** Whether a node's own time passed waiting for something to do. */
  isWaiting: (node: number) => boolean;
  text: (node: number) => { service: string; name: string; detail: string };
};

/** One analysis per way through the trace, the one to its last end first; what they share is computed once. */
export function analyse(trace: TraceSkeleton, baseline: Baseline | undefined, hints: Hints = {}): Analysis[] {
  const timeline = toTimeline(trace, hints);
  const shapes = computeCallShapes(trace);
  const groups = groupSteps(timeline, shapes.ofRow, shapes.keys.length + 1);
  const rowOf = (node: number) => timeline.rows[node] ?? 0;
  const isWaiting = toIsWaiting(trace, timeline, hints);
  const usualOn = toUsual(trace, timeline, baseline);
  return toJourneys(timeline).map((journey) => {
    const ownUs = ownTimes(trace, timeline, journey);
    const sums = new Float64Array(timeline.count + 1);
    for (let node = 0; node < timeline.count; node += 1) sums[node + 1] = (sums[node] ?? 0) + (ownUs[node] ?? 0);
    return {
      trace,
      timeline,
      journey,
      ownUs,
      eachStretch: toEachStretch(journey, timeline, trace.spanCount),
      withinUs: (node) => (sums[timeline.subtreeEnd[node] ?? 0] ?? 0) - (sums[node] ?? 0),
      durationUs: (node) => (timeline.endUs[node] ?? 0) - (timeline.startUs[node] ?? 0),
      ...groups,
      shapeOf: (node) => shapes.ofRow[rowOf(node)] ?? 0,
      detailOf: (node) => trace.detailIndex[rowOf(node)] ?? 0,
      isResent: (node) => hints.resentRows?.has(rowOf(node)) ?? false,
      isRefused: (node) => hints.refusedRows?.has(rowOf(node)) ?? false,
      isWaiting,
      eventsOf: (node) => (hasFlag(trace, rowOf(node), "hasEvents") ? (hints.eventsOf?.(rowOf(node)) ?? []) : []),
      errorOf: (node) => hints.errorOf?.(rowOf(node)),
      usual: usualOn(journey.last),
      text: (node) => {
        const row = rowOf(node);
        return { service: serviceOf(trace, row), name: nameOf(trace, row), detail: detailOf(trace, row) };
      },
    };
  });
}

function ownTimes(trace: TraceSkeleton, { rows, count }: Timeline, { segments }: Journey): Float64Array {
  const ofRow = ownUsOf(segments, trace.spanCount);
  const ofNode = new Float64Array(count);
  for (let node = 0; node < count; node += 1) ofNode[node] = ofRow[rows[node] ?? 0] ?? 0;
  return ofNode;
}

/** Looks up a node's stretches; sorted by row when first asked, since whoever asks of one asks of many. */
function toEachStretch({ segments }: Journey, { rows }: Timeline, rowCount: number): Analysis["eachStretch"] {
  let index: { first: Uint32Array; at: Uint32Array } | undefined;
  return (node, visit) => {
    index ??= indexByRow(segments.row, rowCount);
    const row = rows[node] ?? 0;
    const { first, at } = index;
    const end = first[row + 1] ?? 0;
    for (let place = first[row] ?? 0; place < end; place += 1) {
      const segment = at[place] ?? 0;
      visit(segments.fromUs[segment] ?? 0, segments.toUs[segment] ?? 0);
    }
  };
}

/** Where in `at` the places of each row begin; those of one row stand in their order. */
function indexByRow(rowOf: readonly number[], rowCount: number): { first: Uint32Array; at: Uint32Array } {
  const first = new Uint32Array(rowCount + 1);
  for (const row of rowOf) first[row + 1] = (first[row + 1] ?? 0) + 1;
  for (let row = 0; row < rowCount; row += 1) first[row + 1] = (first[row + 1] ?? 0) + (first[row] ?? 0);
  const next = first.slice();
  const at = new Uint32Array(rowOf.length);
  for (let place = 0; place < rowOf.length; place += 1) {
    const row = rowOf[place] ?? 0;
    at[next[row] ?? 0] = place;
    next[row] = (next[row] ?? 0) + 1;
  }
  return { first, at };
}

/** Children of a node by start. */
export function childrenOf({ subtreeEnd }: Timeline, node: number): number[] {
  const children: number[] = [];
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) children.push(child);
  return children;
}

/** The same without those it does not wait for. */
export function waitedChildrenOf({ subtreeEnd, isAsync }: Timeline, node: number): number[] {
  const children: number[] = [];
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end)
    if (isAsync[child] !== 1) children.push(child);
  return children;
}

/** Whether the trace's time is that of an orphan, since its root is not there. */
export const isRootless = ({ timeline, trace }: Pick<Analysis, "timeline" | "trace">): boolean =>
  timeline.count > 0 && hasFlag(trace, timeline.rows[0] ?? 0, "orphan");
