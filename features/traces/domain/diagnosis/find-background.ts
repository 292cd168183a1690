import { SPAN_CATEGORIES } from "../span-category";
import { NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

const SERVER = SPAN_KINDS.indexOf("server");
const CONSUMER = SPAN_KINDS.indexOf("consumer");
const PRODUCER = SPAN_KINDS.indexOf("producer");
const LEAF_CALLS = new Set((["database", "cache"] as const).map((name) => SPAN_CATEGORIES.indexOf(name)));

/** An answer and the last span it waited for may be noted in either order: so much later is no work of its own. */
const MARGIN_US = 2_000;
const MARGIN_SHARE = 0.05;
/** Where nothing else ran for this share of its time before the answer, the answer was waiting for it. */
const WAITED_SHARE = 0.5;
/** Whoever gives up waiting does so in the middle of it; what goes on for so many times as long was left to itself. */
const LEFT_FACTOR = 2;
/** Each is compared with all spans of its service's answer. */
const MAX_COMPARED = 50;

/**
 * Rows at the top of work that went on after the answer it was begun in: after the root's end, or after the end of a
 * service's own entry. Nobody waited for it, unless the answer did nothing else: then it gave up on that. One pass, and
 * one over the answer's spans for each such row.
 */
export function findBackground(trace: TraceSkeleton, root: number): ReadonlySet<number> {
  const found = new Set<number>();
  const entryOf = new Int32Array(trace.spanCount).fill(NO_PARENT);
  const end = trace.subtreeEnd[root] ?? trace.spanCount;
  for (let row = root; row < end; row += 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    const kind = trace.kind[row];
    if (row === root || kind === SERVER || kind === CONSUMER) entryOf[row] = row;
    else entryOf[row] = entryOf[parent] ?? NO_PARENT;
    const entry = entryOf[row] ?? NO_PARENT;
    if (entry === row || entry === NO_PARENT || !outlives(trace, row, entry)) continue;
    if (found.size < MAX_COMPARED && isWaitedFor(trace, row, entry)) continue;
    found.add(row);
    // What lies below belongs to it.
    row = (trace.subtreeEnd[row] ?? row + 1) - 1;
  }
  return found;
}

const startOf = ({ spanStartUs }: TraceSkeleton, row: number): number => spanStartUs[row] ?? 0;
const endOf = ({ spanStartUs, spanDurationUs }: TraceSkeleton, row: number): number =>
  (spanStartUs[row] ?? 0) + (spanDurationUs[row] ?? 0);

function outlives(trace: TraceSkeleton, row: number, entry: number): boolean {
  // Of other processes the clocks may differ; what a producer leaves behind is told as such.
  if (trace.serviceIndex[row] !== trace.serviceIndex[entry] || trace.kind[trace.parent[row] ?? 0] === PRODUCER)
    return false;
  const marginUs = Math.max(MARGIN_US, MARGIN_SHARE * (trace.spanDurationUs[entry] ?? 0));
  const isWithin = startOf(trace, row) >= startOf(trace, entry) && startOf(trace, row) < endOf(trace, entry);
  return isWithin && endOf(trace, row) > endOf(trace, entry) + marginUs;
}

/** Whether the answer did nothing else while this ran. */
function isWaitedFor(trace: TraceSkeleton, row: number, entry: number): boolean {
  // A query waits for its server, not for its process.
  if (LEAF_CALLS.has(trace.category[trace.parent[row] ?? 0] ?? 0)) return false;
  const fromUs = startOf(trace, row);
  const toUs = endOf(trace, entry);
  if (endOf(trace, row) - toUs > LEFT_FACTOR * (toUs - fromUs)) return false;
  return busyBeside(trace, row, entry) <= (1 - WAITED_SHARE) * (toUs - fromUs);
}

/** How long anything else of the answer ran at the same time, what both stand below aside. */
function busyBeside(trace: TraceSkeleton, row: number, entry: number): number {
  const fromUs = startOf(trace, row);
  const toUs = endOf(trace, entry);
  const ends = trace.subtreeEnd[entry] ?? 0;
  const beside: [from: number, to: number][] = [];
  for (let other = entry + 1; other < ends; ) {
    const next = trace.subtreeEnd[other] ?? other + 1;
    if (other <= row && row < next) {
      // Above it, or itself.
      other = other === row ? next : other + 1;
      continue;
    }
    const from = Math.max(fromUs, startOf(trace, other));
    const to = Math.min(toUs, endOf(trace, other));
    if (to > from && !outlives(trace, other, entry)) beside.push([from, to]);
    other = next;
  }
  let reachedUs = fromUs;
  let busyUs = 0;
  for (const [from, to] of beside.sort(([a], [b]) => a - b)) {
    busyUs += Math.max(0, to - Math.max(from, reachedUs));
    reachedUs = Math.max(reachedUs, to);
  }
  return busyUs;
}
