import { type PathSegment, pathOf, type Stretches, toSegments } from "./critical-path";
import { type Change, reschedule } from "./recompute-duration";
import type { Timeline } from "./timeline";

/** Work that was left to a queue: where it was left (a node), where it was taken up, and since when it waited. */
type Hop = { from: number; consumer: number; enqueuedUs: number };

/**
 * From the root's start to the end of the last work it caused, whether waited for or left to a queue. Where nothing
 * asynchronous outlasts the root this is the root and its critical path.
 */
export type Journey = {
  durationUs: number;
  /** Own work, ascending. With the waits it covers the journey exactly. */
  segments: Stretches;
  /** Time in queues; the row is the consumer that ended it. */
  waits: PathSegment[];
  /** The node whose end is the journey's: the root's, or an asynchronous one's. */
  last: number;
  /** How much earlier the journey, or the root alone where that is more, would end after a change. */
  savedBy: (change: Change) => number;
};

/** Asynchronous ends looked at each by itself. */
const MAX_CHAINS = 4;

/**
 * The ways through a trace that somebody may be waiting for: to the end of the last work it caused, to the answer of the
 * request alone, and to the ends of other work left to queues. One where nothing asynchronous outlasts the root.
 */
export function toJourneys(timeline: Timeline): Journey[] {
  const chains = lastChains(timeline, timeline.endUs[0] ?? 0);
  const root = toJourney(timeline, undefined);
  const [last, ...others] = chains.map((chain) => toJourney(timeline, chain));
  return last === undefined ? [root] : [last, root, ...others];
}

function toJourney(timeline: Timeline, chain: readonly Hop[] | undefined): Journey {
  const rootUs = timeline.count === 0 ? 0 : (timeline.endUs[0] ?? 0) - (timeline.startUs[0] ?? 0);
  const last = chain?.at(-1)?.consumer ?? 0;
  const durationUs = timeline.count === 0 ? 0 : (timeline.endUs[last] ?? 0) - (timeline.startUs[0] ?? 0);
  const watched = new Set(chain?.flatMap(({ from }) => ancestorsOf(timeline, from)));
  return {
    durationUs,
    last,
    ...(chain === undefined ? { segments: pathOf(timeline), waits: [] } : chainSegments(timeline, chain)),
    savedBy: (change) => {
      const after = reschedule(timeline, change, watched);
      const endUs = chain === undefined ? after.durationUs : chainDuration(timeline, chain, after);
      const rootSavedUs = Math.min(durationUs, rootUs - after.durationUs);
      return Math.max(0, durationUs - endUs, rootSavedUs);
    },
  };
}

/** The asynchronous spans that end after `afterUs`, last first, each with the hops that lead to it from the root. */
function lastChains(timeline: Timeline, afterUs: number): Hop[][] {
  const { background, count, isAsync, endUs } = timeline;
  const late: number[] = [];
  for (let node = 1; node < count; node += 1) {
    if (isAsync[node] === 1 && (endUs[node] ?? 0) > afterUs && !background.has(node)) late.push(node);
  }
  late.sort((a, b) => (endUs[b] ?? 0) - (endUs[a] ?? 0) || a - b);
  return late.slice(0, MAX_CHAINS).map((node) => hopsTo(timeline, node));
}

function hopsTo(timeline: Timeline, consumer: number): Hop[] {
  const hops: Hop[] = [];
  const passed = new Set<number>();
  for (let node = consumer; node > 0; ) {
    if (timeline.isAsync[node] !== 1) {
      node = timeline.parent[node] ?? -1;
      continue;
    }
    // Who left the work may itself have taken it from there, for all that links say.
    const from = passed.has(node) ? (timeline.parent[node] ?? 0) : leaverOf(timeline, node);
    passed.add(node);
    hops.push({ from, consumer: node, enqueuedUs: Math.min(timeline.endUs[from] ?? 0, timeline.startUs[node] ?? 0) });
    node = from;
  }
  return hops.reverse();
}

/** The span that left the work which an asynchronous span took up. */
export const leaverOf = ({ leftBy, parent }: Timeline, node: number): number => leftBy.get(node) ?? parent[node] ?? 0;

function chainSegments(timeline: Timeline, chain: readonly Hop[]): Pick<Journey, "segments" | "waits"> {
  let worker = 0;
  const clip = forwardOnly(timeline.startUs[0] ?? 0, timeline.endUs[chain.at(-1)?.consumer ?? 0] ?? 0);
  const waits: PathSegment[] = [];
  const segments: Stretches = { row: [], fromUs: [], toUs: [] };
  for (const { consumer, enqueuedUs } of chain) {
    append(segments, clip(toSegments(pathOf(timeline, worker, enqueuedUs))));
    const fromUs = Math.max(enqueuedUs, timeline.startUs[worker] ?? 0);
    waits.push(...clip([{ row: timeline.rows[consumer] ?? 0, fromUs, toUs: timeline.startUs[consumer] ?? 0 }]));
    worker = consumer;
  }
  append(segments, clip(toSegments(pathOf(timeline, worker))));
  return { segments, waits };
}

function append({ row, fromUs, toUs }: Stretches, stretches: readonly PathSegment[]): void {
  for (const stretch of stretches) {
    row.push(stretch.row);
    fromUs.push(stretch.fromUs);
    toUs.push(stretch.toUs);
  }
}

/** Cuts stretches so that none begins before the last one ended: wrong clocks would have the way go back in time. */
function forwardOnly(startUs: number, endUs: number): (stretches: readonly PathSegment[]) => PathSegment[] {
  let reachedUs = startUs;
  return (stretches) =>
    stretches.flatMap(({ row, ...stretch }) => {
      const fromUs = Math.max(stretch.fromUs, reachedUs);
      const toUs = Math.min(stretch.toUs, endUs);
      if (toUs <= fromUs) return [];
      reachedUs = toUs;
      return [{ row, fromUs, toUs }];
    });
}

/** The spans between a node and the work it belongs to. */
function ancestorsOf(timeline: Timeline, from: number): number[] {
  const path: number[] = [];
  for (let node = from; node > 0 && timeline.isAsync[node] !== 1; node = timeline.parent[node] ?? 0) path.push(node);
  return path;
}

function chainDuration(timeline: Timeline, chain: readonly Hop[], after: ReturnType<typeof reschedule>): number {
  let durationUs = 0;
  let last = 0;
  for (const { from, consumer, enqueuedUs } of chain) {
    for (const node of ancestorsOf(timeline, from)) durationUs += after.offsetOf(node);
    durationUs += Math.min(after.durationOf(from), enqueuedUs - (timeline.startUs[from] ?? 0));
    if (!after.isWaitGone(consumer)) durationUs += (timeline.startUs[consumer] ?? 0) - enqueuedUs;
    last = consumer;
  }
  return durationUs + after.durationOf(last);
}
