import type { Baseline } from "../paths/baseline";
import { detailOf, nameOf, serviceOf } from "../span-text";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { computeCallShapes } from "./call-shapes";
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
  const ofRow = new Float64Array(trace.spanCount);
  for (const { row, fromUs, toUs } of segments) ofRow[row] = (ofRow[row] ?? 0) + toUs - fromUs;
  const ofNode = new Float64Array(count);
  for (let node = 0; node < count; node += 1) ofNode[node] = ofRow[rows[node] ?? 0] ?? 0;
  return ofNode;
}

/** Children of a node by start. */
export function childrenOf({ subtreeEnd }: Timeline, node: number): number[] {
  const children: number[] = [];
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) children.push(child);
  return children;
}

/** Whether the trace's time is that of an orphan, since its root is not there. */
export const isRootless = ({ timeline, trace }: Pick<Analysis, "timeline" | "trace">): boolean =>
  timeline.count > 0 && hasFlag(trace, timeline.rows[0] ?? 0, "orphan");
