import { NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { Hints } from "./hints";

const PRODUCER = SPAN_KINDS.indexOf("producer");
const CONSUMER = SPAN_KINDS.indexOf("consumer");

type Placed = { trace: TraceSkeleton; startUs: Float64Array; endUs: Float64Array; isPlaced: (row: number) => boolean };

export type Producers = {
  /** Consumer that stands elsewhere → the span that left its work. */
  leftByRow: Map<number, number>;
  /** Trees of their own that took their work from a span of the main one. */
  taken: { row: number; producer: number }[];
};

/**
 * Who left the work of consumers that do not stand below their producer: whom their link names, else the last producer
 * of the same queue that was done when they began.
 */
export function findProducers(placed: Placed, { root, hints }: { root: number; hints: Hints }): Producers {
  const { trace } = placed;
  const found: Producers = { leftByRow: new Map(), taken: [] };
  const queues = new Queues(placed);
  for (let row = 0; row < trace.spanCount; row += 1) {
    if (trace.kind[row] !== CONSUMER || row === root) continue;
    const producer = mayBeElsewhere(placed, row) ? producerOf(placed, row, { hints, queues }) : undefined;
    if (producer === undefined) continue;
    found.leftByRow.set(row, producer);
    if (!placed.isPlaced(row)) found.taken.push({ row, producer });
  }
  return found;
}

/** Whether a consumer is in the tree but not below a producer, or a tree of its own. */
function mayBeElsewhere(placed: Placed, row: number): boolean {
  const parent = placed.trace.parent[row] ?? NO_PARENT;
  return placed.trace.kind[parent] !== PRODUCER && (parent === NO_PARENT || placed.isPlaced(row));
}

function producerOf(placed: Placed, row: number, { hints, queues }: { hints: Hints; queues: Queues }) {
  const linked = hints.producerOfRow?.get(row);
  const producer = linked !== undefined && placed.isPlaced(linked) ? linked : queues.lastBefore(row);
  const isBelow = producer !== undefined && producer >= row && producer < (placed.trace.subtreeEnd[row] ?? 0);
  return isBelow ? undefined : producer;
}

/** Producers by queue, made when first asked for: most traces have none. */
class Queues {
  readonly #placed: Placed;
  #byQueue: Map<number, number[]> | undefined;

  constructor(placed: Placed) {
    this.#placed = placed;
  }

  lastBefore(consumer: number): number | undefined {
    const { trace, endUs } = this.#placed;
    const startUs = trace.spanStartUs[consumer] ?? 0;
    const queue = trace.detailIndex[consumer] ?? 0;
    const producers = this.#queues().get(queue) ?? [];
    // Without the queue's name only a single producer can be meant.
    if (queue === 0 && producers.length !== 1) return undefined;
    let low = 0;
    for (let high = producers.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((endUs[producers[middle] ?? 0] ?? 0) <= startUs) low = middle + 1;
      else high = middle;
    }
    return producers[low - 1];
  }

  #queues(): Map<number, number[]> {
    if (this.#byQueue !== undefined) return this.#byQueue;
    const { trace, endUs } = this.#placed;
    const byQueue = new Map<number, number[]>();
    for (let row = 0; row < trace.spanCount; row += 1) {
      if (trace.kind[row] !== PRODUCER || !this.#placed.isPlaced(row)) continue;
      const queue = trace.detailIndex[row] ?? 0;
      const known = byQueue.get(queue);
      if (known === undefined) byQueue.set(queue, [row]);
      else known.push(row);
    }
    for (const rows of byQueue.values()) rows.sort((a, b) => (endUs[a] ?? 0) - (endUs[b] ?? 0) || a - b);
    this.#byQueue = byQueue;
    return byQueue;
  }
}
