import { hasFlag, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { TracePlan } from "../waterfall/trace-plan";
import type { OperationColumn, Sort } from "./trace-views";

/** All spans of one service, name and kind together. Times in µs. */
export type OperationTotal = {
  service: number;
  name: number;
  kind: number;
  count: number;
  errors: number;
  /** Durations added up: spans that ran beside each other count each. */
  totalUs: number;
  /** Time in which none of their children ran, added up. */
  selfUs: number;
  /** Time of the critical path in their own work. */
  pathUs: number;
  p50Us: number;
  maxUs: number;
  /** Row of the longest span; of equal ones the first. */
  longest: number;
};

type Counted = { trace: TraceSkeleton; plan: Pick<TracePlan, "selfUs" | "path"> };

/**
 * The operations of a trace, each span counted once. Self times of all of them add up to those of the spans, path times
 * to the critical path. `isCounted` leaves spans out. An empty trace has none.
 */
export function computeOperations({ trace, plan }: Counted, isCounted: (span: number) => boolean): OperationTotal[] {
  const { ofSpan, firsts } = groupSpans(trace, isCounted);
  const totals = firsts.map((span) => emptyTotal(trace, span));
  for (let span = 0; span < trace.spanCount; span += 1) {
    const total = totals[ofSpan[span] ?? -1];
    if (total !== undefined) addSpan(total, { trace, plan }, span);
  }
  addMedians(totals, ofSpan, trace.spanDurationUs);
  return totals;
}

/** Dense numbers of the operations by first appearance, -1 for a span that is not counted. */
function groupSpans(trace: TraceSkeleton, isCounted: (span: number) => boolean) {
  const ofSpan = new Int32Array(trace.spanCount).fill(-1);
  const firsts: number[] = [];
  const known = new Map<number, number>();
  for (let span = 0; span < trace.spanCount; span += 1) {
    if (!isCounted(span)) continue;
    const key = stepKey(trace, span);
    const group = known.get(key) ?? firsts.push(span) - 1;
    known.set(key, group);
    ofSpan[span] = group;
  }
  return { ofSpan, firsts };
}

/** One number for service, name and kind of a span. */
export function stepKey(trace: TraceSkeleton, span: number): number {
  const named = (trace.serviceIndex[span] ?? 0) * trace.names.length + (trace.nameIndex[span] ?? 0);
  return named * SPAN_KINDS.length + (trace.kind[span] ?? 0);
}

function emptyTotal(trace: TraceSkeleton, span: number): OperationTotal {
  return {
    service: trace.serviceIndex[span] ?? 0,
    name: trace.nameIndex[span] ?? 0,
    kind: trace.kind[span] ?? 0,
    count: 0,
    errors: 0,
    totalUs: 0,
    selfUs: 0,
    pathUs: 0,
    p50Us: 0,
    maxUs: 0,
    longest: span,
  };
}

function addSpan(total: OperationTotal, { trace, plan }: Counted, span: number): void {
  const durationUs = trace.spanDurationUs[span] ?? 0;
  total.count += 1;
  if (hasFlag(trace, span, "error")) total.errors += 1;
  total.totalUs += durationUs;
  total.selfUs += plan.selfUs[span] ?? 0;
  total.pathUs += plan.path.ownUs[span] ?? 0;
  if (durationUs > total.maxUs) {
    total.maxUs = durationUs;
    total.longest = span;
  }
}

/** One pass to put the durations of each operation side by side, so that sorting needs no lists. */
function addMedians(totals: OperationTotal[], ofSpan: Int32Array, durationUs: Float64Array): void {
  const starts = new Int32Array(totals.length + 1);
  totals.forEach(({ count }, at) => {
    starts[at + 1] = (starts[at] ?? 0) + count;
  });
  const next = starts.slice();
  const sorted = new Float64Array(starts[totals.length] ?? 0);
  for (let span = 0; span < ofSpan.length; span += 1) {
    const group = ofSpan[span] ?? -1;
    if (group === -1) continue;
    const at = next[group] ?? 0;
    sorted[at] = durationUs[span] ?? 0;
    next[group] = at + 1;
  }
  totals.forEach((total, at) => {
    const own = sorted.subarray(starts[at] ?? 0, starts[at + 1] ?? 0).sort();
    total.p50Us = own[Math.ceil(own.length / 2) - 1] ?? 0;
  });
}

const AMOUNT_OF: Record<Exclude<OperationColumn, "operation">, (total: OperationTotal) => number> = {
  count: ({ count }) => count,
  path: ({ pathUs }) => pathUs,
  self: ({ selfUs }) => selfUs,
  total: ({ totalUs }) => totalUs,
  p50: ({ p50Us }) => p50Us,
  max: ({ maxUs }) => maxUs,
  errors: ({ errors }) => errors,
};

/** A sorted copy; equal ones by own work, then as the trace first shows them. */
export function sortOperations(
  totals: readonly OperationTotal[],
  { by, direction }: Sort<OperationColumn>,
  trace: Pick<TraceSkeleton, "names" | "services">,
): OperationTotal[] {
  const sign = direction === "ascending" ? 1 : -1;
  if (by === "operation") {
    const textOf = ({ name, service }: OperationTotal) => `${trace.names[name]}\n${trace.services[service]}`;
    return totals
      .map((total) => ({ total, text: textOf(total) }))
      .sort((a, b) => sign * a.text.localeCompare(b.text, "en"))
      .map(({ total }) => total);
  }
  const amountOf = AMOUNT_OF[by];
  return [...totals].sort((a, b) => sign * (amountOf(a) - amountOf(b)) || b.selfUs - a.selfUs);
}
