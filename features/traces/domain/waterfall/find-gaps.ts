import { NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

/** A pause gets a row of its own from this share of the trace on … */
const LEAST_GAP_SHARE = 0.05;
/** … and from this time on: below, a pause is how programs run. */
const LEAST_GAP_US = 1000;

/** A span that takes work from a queue: its producer does not wait for it. */
const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** Time of a parent that none of its children explains, by the row that follows it. */
export type Gaps = {
  count: number;
  parent: Int32Array;
  fromUs: Float64Array;
  toUs: Float64Array;
  /** The child that ended last before it, or -1. */
  after: Int32Array;
  /** The child that follows it, or -1 at the end of the parent. */
  before: Int32Array;
};

type Gap = { parent: number; fromUs: number; toUs: number; after: number; before: number };

/**
 * Stretches of at least 5 % of the trace and 1 ms in which a span with children ran and none of its children did. One
 * pass: children come by start, so a parent needs to remember only how far it is covered and by whom.
 */
export function findGaps(trace: TraceSkeleton): Gaps {
  const cover = new Cover(trace);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    if (parent !== NO_PARENT && trace.kind[row] !== CONSUMER) cover.add(row, parent);
  }
  for (let row = 0; row < trace.spanCount; row += 1) cover.close(row);
  const { found } = cover;
  return {
    count: found.length,
    parent: Int32Array.from(found, ({ parent }) => parent),
    fromUs: Float64Array.from(found, ({ fromUs }) => fromUs),
    toUs: Float64Array.from(found, ({ toUs }) => toUs),
    after: Int32Array.from(found, ({ after }) => after),
    before: Int32Array.from(found, ({ before }) => before),
  };
}

/** How far each parent is covered by its children seen so far, and the gaps between them. */
class Cover {
  readonly found: Gap[] = [];
  readonly #trace: TraceSkeleton;
  readonly #leastUs: number;
  readonly #untilUs: Float64Array;
  readonly #by: Int32Array;

  constructor(trace: TraceSkeleton) {
    this.#trace = trace;
    this.#leastUs = Math.max(LEAST_GAP_US, trace.durationUs * LEAST_GAP_SHARE);
    this.#untilUs = trace.spanStartUs.slice();
    this.#by = new Int32Array(trace.spanCount).fill(-1);
  }

  add(row: number, parent: number): void {
    const fromUs = this.#untilUs[parent] ?? 0;
    const parentEndUs = this.#endOf(parent);
    const toUs = Math.min(this.#trace.spanStartUs[row] ?? 0, parentEndUs);
    this.#note({ parent, fromUs, toUs, after: this.#by[parent] ?? -1, before: row });
    const endUs = Math.min(this.#endOf(row), parentEndUs);
    if (endUs < fromUs) return;
    this.#untilUs[parent] = endUs;
    this.#by[parent] = row;
  }

  /** The time after a parent's last child; a leaf has none. */
  close(parent: number): void {
    const after = this.#by[parent] ?? -1;
    if (after === -1) return;
    this.#note({ parent, fromUs: this.#untilUs[parent] ?? 0, toUs: this.#endOf(parent), after, before: -1 });
  }

  #note(gap: Gap): void {
    if (gap.toUs - gap.fromUs >= this.#leastUs) this.found.push(gap);
  }

  #endOf(row: number): number {
    return (this.#trace.spanStartUs[row] ?? 0) + (this.#trace.spanDurationUs[row] ?? 0);
  }
}
