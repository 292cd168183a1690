import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import { findBackground } from "./find-background";
import { findHost } from "./find-host";
import { findProducers } from "./find-producers";
import type { Hints } from "./hints";
import { placeSpan } from "./place-span";

/**
 * The tree below one root with times that make sense: no child outside its parent unless the parent did not wait for
 * it, clocks put right, orphans adopted by the span they ran in. Nodes stand depth-first, siblings by start; node 0 is
 * the root. Without skew and orphans, node `i` is row `root + i`.
 */
export type Timeline = {
  count: number;
  /** Row of the skeleton per node. */
  rows: Int32Array;
  parent: Int32Array;
  /** Microseconds after the trace's start. */
  startUs: Float64Array;
  endUs: Float64Array;
  subtreeEnd: Uint32Array;
  /** 1 where the parent did not wait: a consumer, or a span that started after its parent ended. */
  isAsync: Uint8Array;
  /** Subtrees moved because a clock was wrong, by the row of their top. */
  shifts: { row: number; byUs: number }[];
  /** Rows that name a parent which is not there (adopted or not). */
  orphans: number[];
  /** Nodes that took in orphans: a span between them is missing. */
  hosts: ReadonlySet<number>;
  /** Asynchronous nodes that began before the answer and went on after it: nobody waited for them, or does. */
  background: ReadonlySet<number>;
  /** Who left the work that an asynchronous node took up; its parent where nobody else is known to have. */
  leftBy: ReadonlyMap<number, number>;
};

const PRODUCER = SPAN_KINDS.indexOf("producer");
const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** Orphans each looked at for the span they ran in; further ones go below the root. */
const MAX_PLACED_ORPHANS = 200;

/** The row of the span whose time the trace's time is: the first true root, else the longest orphan; -1 when empty. */
export function findMainRoot(trace: TraceSkeleton): number {
  let longest = -1;
  for (let row = 0; row < trace.spanCount; row = trace.subtreeEnd[row] ?? trace.spanCount) {
    if (!hasFlag(trace, row, "orphan") && !hasFlag(trace, row, "cycle")) return row;
    if (longest === -1 || (trace.spanDurationUs[row] ?? 0) > (trace.spanDurationUs[longest] ?? 0)) longest = row;
  }
  return longest;
}

/** Total over every shape; an empty trace has no nodes. One pass, plus a sort of siblings where clocks were put right. */
export function toTimeline(trace: TraceSkeleton, hints: Hints = {}): Timeline {
  const root = findMainRoot(trace);
  if (root === -1) return emptyTimeline();
  const backgroundRows = findBackground(trace, root);
  const placed = new Placement(trace, backgroundRows);
  placed.placeTree(root, NO_PARENT);
  const orphans: number[] = [];
  const hostRows = new Set<number>();
  for (let row = 0; row < trace.spanCount; row = trace.subtreeEnd[row] ?? trace.spanCount) {
    if (hasFlag(trace, row, "orphan")) orphans.push(row);
    if (row === root || !(hasFlag(trace, row, "orphan") || hasFlag(trace, row, "cycle"))) continue;
    const host = findHost(placed, { root, orphan: row, isShallow: orphans.length > MAX_PLACED_ORPHANS });
    if (host !== undefined) placed.placeTree(row, host);
    if (host !== undefined) hostRows.add(host);
  }
  const { leftByRow, taken } = findProducers(placed, { root, hints });
  for (const { row, producer } of taken) placed.placeLater(row, producer);
  const { nodeOf, ...nodes } = placed.toNodes(root);
  const hosts = new Set(Array.from(hostRows, (row) => nodeOf[row] ?? NO_PARENT));
  const leftBy = new Map(Array.from(leftByRow, ([row, by]) => [nodeOf[row] ?? NO_PARENT, nodeOf[by] ?? NO_PARENT]));
  const background = new Set(Array.from(backgroundRows, (row) => nodeOf[row] ?? NO_PARENT));
  return { ...nodes, shifts: placed.shifts, orphans, hosts, background, leftBy };
}

function emptyTimeline(): Timeline {
  return {
    count: 0,
    rows: new Int32Array(0),
    parent: new Int32Array(0),
    startUs: new Float64Array(0),
    endUs: new Float64Array(0),
    subtreeEnd: new Uint32Array(0),
    isAsync: new Uint8Array(0),
    shifts: [],
    orphans: [],
    hosts: new Set(),
    background: new Set(),
    leftBy: new Map(),
  };
}

/** Times of rows as they are put right, top down. */
class Placement {
  readonly trace: TraceSkeleton;
  readonly startUs: Float64Array;
  readonly endUs: Float64Array;
  readonly shifts: Timeline["shifts"] = [];
  readonly asyncRows: number[] = [];
  readonly #background: ReadonlySet<number>;
  readonly #shiftUs: Float64Array;
  readonly #isAsync: Uint8Array;
  readonly #parent: Int32Array;
  #placed = 0;
  #isReordered = false;

  constructor(trace: TraceSkeleton, background: ReadonlySet<number>) {
    this.trace = trace;
    this.#background = background;
    this.startUs = trace.spanStartUs.slice();
    this.endUs = new Float64Array(trace.spanCount);
    this.#shiftUs = new Float64Array(trace.spanCount);
    this.#isAsync = new Uint8Array(trace.spanCount);
    // -2: not part of the timeline.
    this.#parent = new Int32Array(trace.spanCount).fill(-2);
  }

  placeTree(top: number, host: number): void {
    this.#placeTop(top, host, host === NO_PARENT ? Number.POSITIVE_INFINITY : (this.endUs[host] ?? 0));
    this.#placeBelow(top);
  }

  #placeTop(top: number, host: number, limitUs: number): void {
    const { trace } = this;
    this.#isReordered ||= host !== NO_PARENT;
    this.#parent[top] = host;
    this.endUs[top] = Math.min(limitUs, (trace.spanStartUs[top] ?? 0) + (trace.spanDurationUs[top] ?? 0));
  }

  #placeBelow(top: number): void {
    const end = this.trace.subtreeEnd[top] ?? top + 1;
    this.#placed += end - top;
    for (let row = top + 1; row < end; row += 1) this.#placeRow(row);
  }

  /** A tree of its own that took its work from a queue: it keeps its times, unless it took the work before it was left. */
  placeLater(top: number, producer: number): void {
    this.#placeTop(top, producer, Number.POSITIVE_INFINITY);
    const byUs = (this.startUs[producer] ?? 0) - (this.startUs[top] ?? 0);
    if (byUs > 0) {
      this.startUs[top] = (this.startUs[top] ?? 0) + byUs;
      this.endUs[top] = (this.endUs[top] ?? 0) + byUs;
      this.#shiftUs[top] = byUs;
      this.shifts.push({ row: top, byUs });
    }
    this.#markAsync(top);
    this.#placeBelow(top);
  }

  isPlaced(row: number): boolean {
    return (this.#parent[row] ?? -2) !== -2;
  }

  #placeRow(row: number): void {
    const { trace } = this;
    const parent = trace.parent[row] ?? 0;
    this.#parent[row] = parent;
    const inherited = this.#shiftUs[parent] ?? 0;
    const startUs = (trace.spanStartUs[row] ?? 0) + inherited;
    if (this.#background.has(row)) {
      this.#shiftUs[row] = inherited;
      this.#markAsync(row);
      this.startUs[row] = startUs;
      this.endUs[row] = startUs + (trace.spanDurationUs[row] ?? 0);
      return;
    }
    const endUs = startUs + (trace.spanDurationUs[row] ?? 0);
    if (this.#isPlain(row, parent, startUs, endUs)) {
      this.#shiftUs[row] = inherited;
      this.startUs[row] = startUs;
      this.endUs[row] = endUs;
      return;
    }
    const place = placeSpan(trace, {
      row,
      parent,
      startUs,
      parentStartUs: this.startUs[parent] ?? 0,
      parentEndUs: this.endUs[parent] ?? 0,
    });
    const byUs = place.shiftUs;
    if (byUs !== 0) {
      this.shifts.push({ row, byUs });
      this.#isReordered = true;
    }
    this.#shiftUs[row] = inherited + byUs;
    if (place.isAsync) this.#markAsync(row);
    this.startUs[row] = place.startUs;
    this.endUs[row] = place.endUs;
  }

  #markAsync(row: number): void {
    this.#isAsync[row] = 1;
    this.asyncRows.push(row);
  }

  /** Within its parent and waited for, as nearly all are: nothing to put right. */
  #isPlain(row: number, parent: number, startUs: number, endUs: number): boolean {
    const { kind } = this.trace;
    if (kind[parent] === PRODUCER || kind[row] === CONSUMER) return false;
    return startUs >= (this.startUs[parent] ?? 0) && endUs <= (this.endUs[parent] ?? 0);
  }

  /** Nodes in depth-first order; where nothing moved the rows are in it already. */
  toNodes(
    root: number,
  ): Omit<Timeline, "shifts" | "orphans" | "hosts" | "background" | "leftBy"> & { nodeOf: Int32Array } {
    const count = this.#placed;
    const rows = this.#isReordered ? this.#depthFirst(root) : countFrom(root, count);
    const nodeOf = new Int32Array(this.trace.spanCount).fill(NO_PARENT);
    for (let node = 0; node < count; node += 1) nodeOf[rows[node] ?? 0] = node;
    const parent = new Int32Array(count).fill(NO_PARENT);
    const startUs = new Float64Array(count);
    const endUs = new Float64Array(count);
    const isAsync = new Uint8Array(count);
    // Loops, not maps with a callback: those took half of the time for 100,000 spans.
    for (let node = 0; node < count; node += 1) {
      const row = rows[node] ?? 0;
      if (node > 0) parent[node] = nodeOf[this.#parent[row] ?? 0] ?? NO_PARENT;
      startUs[node] = this.startUs[row] ?? 0;
      endUs[node] = this.endUs[row] ?? 0;
      isAsync[node] = this.#isAsync[row] ?? 0;
    }
    return { count, rows, parent, startUs, endUs, subtreeEnd: subtreeEndsOf(parent), isAsync, nodeOf };
  }

  #depthFirst(root: number): Int32Array {
    const { spanCount } = this.trace;
    const latestFirst = Int32Array.from({ length: spanCount }, (_, row) => row)
      .filter((row) => (this.#parent[row] ?? -2) >= 0)
      .sort((a, b) => (this.startUs[b] ?? 0) - (this.startUs[a] ?? 0) || b - a);
    const firstChild = new Int32Array(spanCount).fill(NO_PARENT);
    const nextSibling = new Int32Array(spanCount).fill(NO_PARENT);
    for (const row of latestFirst) {
      const parent = this.#parent[row] ?? 0;
      nextSibling[row] = firstChild[parent] ?? NO_PARENT;
      firstChild[parent] = row;
    }
    const order = new Int32Array(this.#placed);
    const stack = [root];
    for (let at = 0; stack.length > 0; at += 1) {
      const row = stack.pop() ?? 0;
      order[at] = row;
      const sibling = nextSibling[row] ?? NO_PARENT;
      if (row !== root && sibling !== NO_PARENT) stack.push(sibling);
      const child = firstChild[row] ?? NO_PARENT;
      if (child !== NO_PARENT) stack.push(child);
    }
    return order;
  }
}

function countFrom(first: number, count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at += 1) numbers[at] = first + at;
  return numbers;
}

function subtreeEndsOf(parent: Int32Array): Uint32Array {
  const ends = new Uint32Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node -= 1) {
    const end = Math.max(ends[node] ?? 0, node + 1);
    ends[node] = end;
    const above = parent[node] ?? NO_PARENT;
    if (above !== NO_PARENT) ends[above] = Math.max(ends[above] ?? 0, end);
  }
  return ends;
}
