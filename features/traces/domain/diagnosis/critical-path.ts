import type { TraceSkeleton } from "../trace-skeleton";
import { type Timeline, toTimeline } from "./timeline";

/** A stretch during which the trace waited for this row's own work. Microseconds after the trace's start. */
export type PathSegment = { row: number; fromUs: number; toUs: number };

export type CriticalPath = {
  /** Ascending, no overlap; together exactly the root's time. None for an empty trace or a root of no duration. */
  segments: PathSegment[];
  /** Per row: time of the path in the row's own work. */
  ownUs: Float64Array;
};

/**
 * The chain of work that decides when the root ends: from the root's end backwards, always into the child that finished
 * last before the point reached, as CRISP and Jaeger do. Children are clipped to their parents, asynchronous ones are
 * not waited for, wrong clocks are put right first. Where siblings overlap, the earlier one counts up to the start of
 * the later one: it was running, its parent was not. No recursion; linear but for a sort of siblings that overlap.
 */
export function computeCriticalPath(trace: TraceSkeleton): CriticalPath {
  const timeline = toTimeline(trace);
  const segments = pathOf(timeline);
  const ownUs = new Float64Array(trace.spanCount);
  for (const { row, fromUs, toUs } of segments) ownUs[row] = (ownUs[row] ?? 0) + toUs - fromUs;
  return { segments, ownUs };
}

/** The path through `node` and below from its start until `untilUs`, by rows, ascending. */
export function pathOf(timeline: Timeline, node = 0, untilUs = timeline.endUs[node] ?? 0): PathSegment[] {
  if (timeline.count === 0) return [];
  const segments: PathSegment[] = [];
  const walk = new PathWalk(timeline);
  walk.enter(node, timeline.startUs[node] ?? 0, untilUs);
  for (let step = walk.next(); step !== undefined; step = walk.next()) {
    const row = timeline.rows[step.node] ?? 0;
    if (step.toUs > step.fromUs) segments.push({ row, fromUs: step.fromUs, toUs: step.toUs });
  }
  return segments.reverse();
}

type Frame = { node: number; fromUs: number; atUs: number; pool: number; next: number };
type Step = { node: number; fromUs: number; toUs: number };

/** The walk as a stack of spans entered, each with its children by end; children lie in one pool, used as a stack. */
class PathWalk {
  readonly #timeline: Timeline;
  readonly #frames: Frame[] = [];
  readonly #pool: number[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  enter(node: number, fromUs: number, toUs: number): void {
    const pool = this.#pool.length;
    pushChildrenByEnd(this.#timeline, node, this.#pool);
    this.#frames.push({ node, fromUs, atUs: toUs, pool, next: this.#pool.length - 1 });
  }

  /** The next stretch of own work, latest first; undefined when the walk is at its start. */
  next(): Step | undefined {
    const { startUs, endUs } = this.#timeline;
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const { node, atUs } = frame;
      while (frame.next >= frame.pool && (startUs[this.#pool[frame.next] ?? 0] ?? 0) >= atUs) frame.next -= 1;
      if (frame.next < frame.pool) {
        this.#pool.length = frame.pool;
        this.#frames.pop();
        return { node, fromUs: Math.min(frame.fromUs, atUs), toUs: atUs };
      }
      const child = this.#pool[frame.next] ?? 0;
      const childEnd = Math.min(endUs[child] ?? 0, atUs);
      frame.next -= 1;
      frame.atUs = startUs[child] ?? 0;
      this.enter(child, frame.atUs, childEnd);
      if (childEnd < atUs) return { node, fromUs: childEnd, toUs: atUs };
    }
    return undefined;
  }
}

/** Orders that cost a sort, kept while their timeline is: each recomputed schedule asks for them again. */
const sortedOrders = new WeakMap<Timeline, Map<number, readonly number[]>>();

/** Pushes the children a node waits for, the last to end last. Those in sequence are in order already. */
export function pushChildrenByEnd(timeline: Timeline, node: number, into: number[]): void {
  const known = sortedOrders.get(timeline)?.get(node);
  if (known !== undefined) {
    for (const child of known) into.push(child);
    return;
  }
  const first = into.length;
  if (pushChildren(timeline, node, into)) return;
  const { endUs } = timeline;
  const sorted = into.slice(first).sort((a, b) => (endUs[a] ?? 0) - (endUs[b] ?? 0) || a - b);
  for (let at = 0; at < sorted.length; at += 1) into[first + at] = sorted[at] ?? 0;
  const orders = sortedOrders.get(timeline) ?? new Map<number, readonly number[]>();
  sortedOrders.set(timeline, orders.set(node, sorted));
}

/** Pushes the children a node waits for by start; whether that is by end too. */
function pushChildren({ endUs, subtreeEnd, isAsync }: Timeline, node: number, into: number[]): boolean {
  let isSorted = true;
  let lastEnd = Number.NEGATIVE_INFINITY;
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) {
    if (isAsync[child] === 1) continue;
    const childEnd = endUs[child] ?? 0;
    isSorted &&= childEnd >= lastEnd;
    lastEnd = childEnd;
    into.push(child);
  }
  return isSorted;
}
