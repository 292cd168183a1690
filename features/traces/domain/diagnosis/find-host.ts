import { SPAN_CATEGORIES } from "../span-category";
import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

const CONSUMER = SPAN_KINDS.indexOf("consumer");
const PRODUCER = SPAN_KINDS.indexOf("producer");
const LEAF_CALLS = new Set(
  (["database", "cache", "storage", "messaging"] as const).map((name) => SPAN_CATEGORIES.indexOf(name)),
);

type Placed = {
  trace: TraceSkeleton;
  startUs: Float64Array;
  endUs: Float64Array;
  /** Tops of work that its parent did not wait for: it may go on after the root. */
  asyncRows: readonly number[];
};

/**
 * The deepest span of the main tree in whose time an orphan ran: most likely the one whose child, now missing, called
 * it; after the root's time the same of work left to a queue. Undefined when it ran outside of all that, or took its work
 * from a queue.
 */
export function findHost(
  { trace, startUs, endUs, asyncRows }: Placed,
  { root, orphan, isShallow }: { root: number; orphan: number; isShallow: boolean },
): number | undefined {
  const from = trace.spanStartUs[orphan] ?? 0;
  const to = from + (trace.spanDurationUs[orphan] ?? 0);
  const holds = (row: number) => (startUs[row] ?? 0) <= from && to <= (endUs[row] ?? 0);
  if (trace.kind[orphan] === CONSUMER) return undefined;
  const top = holds(root) ? root : asyncRows.findLast(holds);
  if (top === undefined) return undefined;
  let host = top;
  let child = top + 1;
  while (!isShallow && child < (trace.subtreeEnd[host] ?? 0)) {
    if (holds(child) && mayHost(trace, child)) {
      host = child;
      child = host + 1;
    } else child = trace.subtreeEnd[child] ?? Number.POSITIVE_INFINITY;
  }
  return host;
}

/** A query calls nothing; a request may have called a service whose spans are lost. */
function mayHost(trace: TraceSkeleton, row: number): boolean {
  return (
    (trace.childCount[row] ?? 0) > 0 || !(LEAF_CALLS.has(trace.category[row] ?? 0) || trace.kind[row] === PRODUCER)
  );
}
