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
  const path = pathOf(timeline);
  return { segments: toSegments(path), ownUs: ownUsOf(path, trace.spanCount) };
}

/** Time of a path in each row's own work. */
export function ownUsOf({ row, fromUs, toUs }: Stretches, rowCount: number): Float64Array {
  const ownUs = new Float64Array(rowCount);
  for (let at = 0; at < row.length; at += 1) {
    const of = row[at] ?? 0;
    ownUs[of] = (ownUs[of] ?? 0) + (toUs[at] ?? 0) - (fromUs[at] ?? 0);
  }
  return ownUs;
}

export const toSegments = ({ row, fromUs, toUs }: Stretches): PathSegment[] =>
  row.map((of, at) => ({ row: of, fromUs: fromUs[at] ?? 0, toUs: toUs[at] ?? 0 }));

/** Stretches as columns, ascending: of 100,000 an object each took longer to let go than to find. */
export type Stretches = { row: number[]; fromUs: number[]; toUs: number[] };

/** The path through `node` and below from its start until `untilUs`, by rows. */
export function pathOf(timeline: Timeline, node = 0, untilUs = timeline.endUs[node] ?? 0): Stretches {
  const path: Stretches = { row: [], fromUs: [], toUs: [] };
  if (timeline.count === 0) return path;
  new PathWalk(timeline, path).walk(node, untilUs);
  path.row.reverse();
  path.fromUs.reverse();
  path.toUs.reverse();
  return path;
}

/**
 * The walk as a stack of spans entered, in columns too: each with the start of its way, how far back the walk has come in
 * it, and its children by end, which lie in one pool that is a stack as well.
 */
class PathWalk {
  readonly #timeline: Timeline;
  readonly #path: Stretches;
  readonly #pool: number[] = [];
  readonly #node: number[] = [];
  readonly #fromUs: number[] = [];
  readonly #atUs: number[] = [];
  readonly #poolStart: number[] = [];
  readonly #next: number[] = [];
  #height = 0;

  constructor(timeline: Timeline, path: Stretches) {
    this.#timeline = timeline;
    this.#path = path;
  }

  /** Notes the stretches of own work, latest first. */
  walk(top: number, untilUs: number): void {
    const { startUs, endUs } = this.#timeline;
    this.#enter(top, startUs[top] ?? 0, untilUs);
    while (this.#height > 0) {
      const frame = this.#height - 1;
      const node = this.#node[frame] ?? 0;
      const atUs = this.#atUs[frame] ?? 0;
      const next = this.#lastBefore(frame, atUs);
      if (next < (this.#poolStart[frame] ?? 0)) {
        this.#leave(frame, atUs);
        continue;
      }
      const child = this.#pool[next] ?? 0;
      const childEnd = Math.min(endUs[child] ?? 0, atUs);
      const childStart = startUs[child] ?? 0;
      this.#next[frame] = next - 1;
      this.#atUs[frame] = childStart;
      this.#enter(child, childStart, childEnd);
      this.#note(node, childEnd, atUs);
    }
  }

  /** The place in the pool of the last child that started before the point reached; before the pool's part for none. */
  #lastBefore(frame: number, atUs: number): number {
    const { startUs } = this.#timeline;
    const poolStart = this.#poolStart[frame] ?? 0;
    let next = this.#next[frame] ?? -1;
    while (next >= poolStart && (startUs[this.#pool[next] ?? 0] ?? 0) >= atUs) next -= 1;
    return next;
  }

  #leave(frame: number, atUs: number): void {
    this.#pool.length = this.#poolStart[frame] ?? 0;
    this.#height = frame;
    this.#note(this.#node[frame] ?? 0, Math.min(this.#fromUs[frame] ?? 0, atUs), atUs);
  }

  #enter(node: number, fromUs: number, toUs: number): void {
    const poolStart = this.#pool.length;
    // Most spans are leaves.
    if ((this.#timeline.subtreeEnd[node] ?? 0) > node + 1) pushChildrenByEnd(this.#timeline, node, this.#pool);
    const at = this.#height;
    this.#node[at] = node;
    this.#fromUs[at] = fromUs;
    this.#atUs[at] = toUs;
    this.#poolStart[at] = poolStart;
    this.#next[at] = this.#pool.length - 1;
    this.#height = at + 1;
  }

  #note(node: number, fromUs: number, toUs: number): void {
    if (toUs <= fromUs) return;
    this.#path.row.push(this.#timeline.rows[node] ?? 0);
    this.#path.fromUs.push(fromUs);
    this.#path.toUs.push(toUs);
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
  const sorted = sortedByEnd(into.slice(first), timeline);
  for (let at = 0; at < sorted.length; at += 1) into[first + at] = sorted[at] ?? 0;
  const orders = sortedOrders.get(timeline) ?? new Map<number, readonly number[]>();
  sortedOrders.set(timeline, orders.set(node, sorted));
}

/** Fewer are sorted by comparing them. */
const MANY = 1_000;

/** By end; of those that end together in the order given, which is by number. */
function sortedByEnd(children: number[], { endUs }: Timeline): number[] {
  if (children.length < MANY) return children.sort((a, b) => (endUs[a] ?? 0) - (endUs[b] ?? 0) || a - b);
  // Ends sort by themselves, then each child looks up its place: a third of the time for 100,000.
  const ends = Float64Array.from(children, (child) => endUs[child] ?? 0).sort();
  const takenAt = new Uint32Array(children.length);
  const sorted = new Array<number>(children.length).fill(0);
  for (const child of children) {
    const end = endUs[child] ?? 0;
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    const place = low + (takenAt[low] ?? 0);
    takenAt[low] = (takenAt[low] ?? 0) + 1;
    sorted[place] = child;
  }
  return sorted;
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
