import type { TraceSkeleton } from "../trace-skeleton";
import { pushChildrenByEnd } from "./critical-path";
import { type Timeline, toTimeline } from "./timeline";

/** Nodes that would take so long instead; 0 removes a span with all below it. Never lengthens. */
export type Shortened = { nodes: readonly number[]; toUs: number };

/** What would be different, by node of the timeline. */
export type Change = {
  shortened?: readonly Shortened[];
  /** Nodes whose wait since the sibling before them vanishes. */
  withoutGapBefore?: ReadonlySet<number>;
  /** Consumers that start as soon as their work is there. */
  withoutWait?: ReadonlySet<number>;
  /** Nodes whose own work between and after their children vanishes. */
  withoutOwnWork?: ReadonlySet<number>;
};

/** All of several changes at once. */
export function mergeChanges(changes: readonly Change[]): Change {
  const union = (key: "withoutGapBefore" | "withoutWait" | "withoutOwnWork") =>
    new Set(changes.flatMap((change) => [...(change[key] ?? [])]));
  return {
    shortened: changes.flatMap(({ shortened = [] }) => shortened),
    withoutGapBefore: union("withoutGapBefore"),
    withoutWait: union("withoutWait"),
    withoutOwnWork: union("withoutOwnWork"),
  };
}

/** Which rows vanish (`true`), or how long each takes instead (µs; `undefined` leaves it). */
export type RowChange = (row: number) => boolean | number | undefined;

/**
 * How long the root would take if rows shrank or vanished: what came after them moves earlier, but still waits for
 * whatever had ended before it started, after the same pause; parents shrink with their children. Never negative,
 * never longer than it was, and never longer for taking more away.
 */
export function recomputeDuration(trace: TraceSkeleton, change: RowChange): number {
  const timeline = toTimeline(trace);
  const shortened: Shortened[] = [];
  for (let node = 0; node < timeline.count; node += 1) {
    const wanted = change(timeline.rows[node] ?? 0);
    if (wanted === true) shortened.push({ nodes: [node], toUs: 0 });
    else if (typeof wanted === "number") shortened.push({ nodes: [node], toUs: wanted });
  }
  return reschedule(timeline, { shortened }).durationUs;
}

export type Rescheduled = {
  /** Of the root. */
  durationUs: number;
  durationOf: (node: number) => number;
  /** New start of a node after its parent's start. Known for what was asked to be watched. */
  offsetOf: (node: number) => number;
  isWaitGone: (node: number) => boolean;
};

/** {@link recomputeDuration} on a timeline. Costs only the ancestors of what changes, and their children. */
export function reschedule(timeline: Timeline, change: Change, watched: ReadonlySet<number> = new Set()): Rescheduled {
  const durations = new Float64Array(timeline.count).fill(UNCHANGED);
  const offsets = new Map<number, number>();
  const isChanged = markChanged(timeline, change);
  const scheduler = new Scheduler(timeline, { change, durations, offsets, watched });
  // Children stand after their parents: from the end, every child has its new duration before its parent asks.
  for (let node = timeline.count - 1; node >= 0; node -= 1) {
    if (isChanged[node] === 1) durations[node] = scheduler.durationOf(node);
  }
  const durationOf = (node: number) => (timeline.count === 0 ? 0 : scheduler.newDuration(node));
  const parentStart = (node: number) => timeline.startUs[timeline.parent[node] ?? 0] ?? 0;
  return {
    durationUs: durationOf(0),
    durationOf,
    isWaitGone: (node) => change.withoutWait?.has(node) ?? false,
    offsetOf: (node) => offsets.get(node) ?? (timeline.startUs[node] ?? 0) - parentStart(node),
  };
}

const UNCHANGED = -1;

/** 1 for the changed nodes and all above them. What nobody waited for changes nothing above. */
function markChanged(timeline: Timeline, { shortened = [], withoutGapBefore, withoutOwnWork }: Change): Uint8Array {
  const isChanged = new Uint8Array(timeline.count);
  const add = (from: number) => {
    for (let node = from; node >= 0 && isChanged[node] !== 1; node = timeline.parent[node] ?? -1) {
      isChanged[node] = 1;
      if (timeline.isAsync[node] === 1) return;
    }
  };
  for (const { nodes } of shortened) for (const node of nodes) add(node);
  // A gap belongs to the parent, but marking the node marks that too.
  for (const node of withoutGapBefore ?? []) add(node);
  for (const node of withoutOwnWork ?? []) add(node);
  return isChanged;
}

type Plan = {
  change: Change;
  /** Of changed nodes, else {@link UNCHANGED}. */
  durations: Float64Array;
  offsets: Map<number, number>;
  watched: ReadonlySet<number>;
};

class Scheduler {
  readonly #timeline: Timeline;
  readonly #plan: Plan;
  readonly #newEnds: Float64Array;
  /** By node; infinite for those not shortened. */
  readonly #limitUs: Float64Array;

  constructor(timeline: Timeline, plan: Plan) {
    this.#newEnds = new Float64Array(timeline.count);
    this.#limitUs = new Float64Array(timeline.count).fill(Number.POSITIVE_INFINITY);
    for (const { nodes, toUs } of plan.change.shortened ?? [])
      for (const node of nodes)
        this.#limitUs[node] = Math.min(this.#limitUs[node] ?? Number.POSITIVE_INFINITY, Math.max(0, toUs));
    this.#timeline = timeline;
    this.#plan = plan;
  }

  /** A node's new duration; its changed children have theirs already. */
  durationOf(node: number): number {
    const { startUs, endUs } = this.#timeline;
    const wasUs = (endUs[node] ?? 0) - (startUs[node] ?? 0);
    const limitUs = Math.min(wasUs, this.#limitUs[node] ?? wasUs);
    return limitUs === 0 ? 0 : Math.min(limitUs, this.#scheduled(node));
  }

  #scheduled(node: number): number {
    const { startUs, endUs, subtreeEnd, isAsync } = this.#timeline;
    const { change, offsets, watched } = this.#plan;
    const origin = startUs[node] ?? 0;
    const keepsOwn = !(change.withoutOwnWork?.has(node) ?? false);
    const siblings = new Siblings(this.#timeline, node, this.#newEnds);
    const end = subtreeEnd[node] ?? 0;
    for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) {
      if (isAsync[child] === 1) continue;
      const pauseUs = siblings.reach(child);
      const keepsGap = keepsOwn && !(change.withoutGapBefore?.has(child) ?? false);
      const start = siblings.newLastEnd + (keepsGap ? pauseUs : 0);
      if (watched.has(child)) offsets.set(child, start);
      siblings.end(child, start + this.newDuration(child));
    }
    const tail = (endUs[node] ?? 0) - origin - siblings.latestEnd;
    return siblings.newLatestEnd + (keepsOwn ? tail : 0);
  }

  newDuration(node: number): number {
    const { startUs, endUs } = this.#timeline;
    const newUs = this.#plan.durations[node] ?? UNCHANGED;
    return newUs === UNCHANGED ? (endUs[node] ?? 0) - (startUs[node] ?? 0) : newUs;
  }
}

/** Children of one node on their way from their old times to their new ones, by start. Offsets from the node's start. */
class Siblings {
  readonly #timeline: Timeline;
  readonly #origin: number;
  readonly #byEnd: number[] = [];
  /** By node; read only for siblings already passed. */
  readonly #newEnds: Float64Array;
  #ended = 0;
  #lastEnd = 0;
  /** New end of whatever had ended before the child just reached. */
  newLastEnd = 0;
  latestEnd = 0;
  newLatestEnd = 0;

  constructor(timeline: Timeline, node: number, newEnds: Float64Array) {
    this.#timeline = timeline;
    this.#newEnds = newEnds;
    this.#origin = timeline.startUs[node] ?? 0;
    pushChildrenByEnd(timeline, node, this.#byEnd);
  }

  /** Takes note of all that had ended when `child` started; how long it paused after that. */
  reach(child: number): number {
    const offset = (this.#timeline.startUs[child] ?? 0) - this.#origin;
    for (let done = this.#byEnd[this.#ended]; done !== undefined && done < child; done = this.#byEnd[this.#ended]) {
      const doneEnd = this.#endOf(done);
      if (doneEnd > offset) break;
      this.#lastEnd = Math.max(this.#lastEnd, doneEnd);
      this.newLastEnd = Math.max(this.newLastEnd, this.#newEnds[done] ?? doneEnd);
      this.#ended += 1;
    }
    return offset - this.#lastEnd;
  }

  end(child: number, newEnd: number): void {
    this.#newEnds[child] = newEnd;
    this.latestEnd = Math.max(this.latestEnd, this.#endOf(child));
    this.newLatestEnd = Math.max(this.newLatestEnd, newEnd);
  }

  #endOf(child: number): number {
    return (this.#timeline.endUs[child] ?? 0) - this.#origin;
  }
}
