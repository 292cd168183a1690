import { SPAN_KINDS, type TraceSkeleton } from "./trace-skeleton";

type Work = Pick<TraceSkeleton, "spanCount" | "spanStartUs" | "spanDurationUs" | "subtreeEnd" | "kind">;

/** A span that takes work from a queue: its producer does not wait for it. */
const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** Stretches of own work drawn per bar; more cannot be told apart on a screen. */
const MAX_STRETCHES = 400;

/**
 * When a span worked itself instead of waiting for the spans it called: `[from, to, from, to, …]` in µs from the start
 * of the trace, ascending. Children are clipped to their parent; a consumer is not waited for. A leaf worked all along.
 * Beyond 400 stretches they are summed into 400 slices, each drawn for its share, so that the total stays true.
 */
export function computeOwnWork(trace: Work, span: number): Float64Array {
  const from = trace.spanStartUs[span] ?? 0;
  const to = from + (trace.spanDurationUs[span] ?? 0);
  const stretches: number[] = [];
  let reached = from;
  let child = span + 1;
  const end = trace.subtreeEnd[span] ?? trace.spanCount;
  while (child < end) {
    if (trace.kind[child] !== CONSUMER) {
      const childFrom = trace.spanStartUs[child] ?? 0;
      if (Math.min(childFrom, to) > reached) stretches.push(reached, Math.min(childFrom, to));
      reached = Math.max(reached, Math.min(to, childFrom + (trace.spanDurationUs[child] ?? 0)));
    }
    child = trace.subtreeEnd[child] ?? end;
  }
  if (to > reached) stretches.push(reached, to);
  return stretches.length <= MAX_STRETCHES * 2 ? Float64Array.from(stretches) : sumIntoSlices(stretches, from, to);
}

function sumIntoSlices(stretches: readonly number[], fromUs: number, toUs: number): Float64Array {
  const sliceUs = (toUs - fromUs) / MAX_STRETCHES;
  const worked = new Float64Array(MAX_STRETCHES);
  for (let i = 0; i < stretches.length; i += 2) {
    const end = stretches[i + 1] ?? 0;
    let at = stretches[i] ?? 0;
    while (at < end) {
      const slice = Math.min(MAX_STRETCHES - 1, Math.floor((at - fromUs) / sliceUs));
      const sliceEnd = Math.min(end, fromUs + (slice + 1) * sliceUs);
      // Rounding may leave a slice's end at or before where we stand; then the rest goes into this slice.
      const stop = sliceEnd > at ? sliceEnd : end;
      worked[slice] = (worked[slice] ?? 0) + stop - at;
      at = stop;
    }
  }
  const slices = new Float64Array(MAX_STRETCHES * 2);
  for (let slice = 0; slice < MAX_STRETCHES; slice += 1) {
    slices[slice * 2] = fromUs + slice * sliceUs;
    slices[slice * 2 + 1] = fromUs + slice * sliceUs + (worked[slice] ?? 0);
  }
  return slices;
}

/** The sum of {@link computeOwnWork}, in µs. */
export function sumOwnWorkUs(stretches: Float64Array): number {
  let sumUs = 0;
  for (let i = 0; i < stretches.length; i += 2) sumUs += (stretches[i + 1] ?? 0) - (stretches[i] ?? 0);
  return sumUs;
}
