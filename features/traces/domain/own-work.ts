import type { SpanTimes, SpanTree } from "./span-tree";

/** OTLP's number for a span that takes work from a queue: its producer does not wait for it. */
const CONSUMER_KIND = 5;

/** Stretches of own work drawn per bar; more cannot be told apart on a screen. */
const MAX_STRETCHES = 400;

/** A span's times plus, when known, its OTLP kind. */
export type SpanWork = SpanTimes & { kind?: ArrayLike<number> };

/**
 * When a span worked itself instead of waiting for the spans it called: `[from, to, from, to, …]` in µs from the start
 * of the trace, ascending. Children are clipped to their parent; a consumer is not waited for. A leaf worked all along.
 * Beyond 400 stretches they are summed into 400 slices, each drawn for its share, so that the total stays true.
 */
export function computeOwnWork(tree: SpanTree, spans: SpanWork, span: number): Float64Array {
  const from = spans.startUs[span] ?? 0;
  const to = from + Math.max(0, spans.durationUs[span] ?? 0);
  const stretches: number[] = [];
  let reached = from;
  for (let i = tree.firstChild[span] ?? 0; i < (tree.firstChild[span + 1] ?? 0); i += 1) {
    const child = tree.children[i] ?? 0;
    if (spans.kind?.[child] === CONSUMER_KIND) continue;
    const childFrom = Math.min(spans.startUs[child] ?? 0, to);
    if (childFrom > reached) stretches.push(reached, childFrom);
    reached = Math.max(reached, Math.min(to, (spans.startUs[child] ?? 0) + (spans.durationUs[child] ?? 0)));
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
      const sliceEnd = slice === MAX_STRETCHES - 1 ? end : Math.min(end, fromUs + (slice + 1) * sliceUs);
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
