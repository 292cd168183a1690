import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import type { Sort, SpanColumn } from "./trace-views";

type Known = { trace: TraceSkeleton; selfUs: Float64Array };

/**
 * The listed spans in the order of a column; equal ones by start, then as the trace has them, whichever the direction.
 * Texts are ranked once per distinct string: 200,000 spans cost as much as their few hundred names.
 */
export function orderSpans({ trace, selfUs }: Known, listed: Uint32Array, { by, direction }: Sort<SpanColumn>) {
  const sign = direction === "ascending" ? 1 : -1;
  const values = valuesOf({ trace, selfUs }, by);
  const { spanStartUs } = trace;
  return listed
    .slice()
    .sort(
      (a, b) => sign * ((values[a] ?? 0) - (values[b] ?? 0)) || (spanStartUs[a] ?? 0) - (spanStartUs[b] ?? 0) || a - b,
    );
}

/** The rows for which it holds, as the trace has them. */
export function listSpans(spanCount: number, isListed: (span: number) => boolean): Uint32Array {
  const rows = new Uint32Array(spanCount);
  let length = 0;
  for (let span = 0; span < spanCount; span += 1) {
    if (!isListed(span)) continue;
    rows[length] = span;
    length += 1;
  }
  return rows.slice(0, length);
}

function valuesOf({ trace, selfUs }: Known, by: SpanColumn): ArrayLike<number> {
  switch (by) {
    case "start":
      return trace.spanStartUs;
    case "duration":
      return trace.spanDurationUs;
    case "self":
      return selfUs;
    case "name":
      return ranked(trace.names, trace.nameIndex);
    case "service":
      return ranked(trace.services, trace.serviceIndex);
    case "status":
      return trace.flags.map((_, span) => (hasFlag(trace, span, "error") ? 1 : 0));
  }
}

function ranked(strings: readonly string[], index: Uint32Array): Uint32Array {
  const order = strings.map((text, at) => ({ text, at })).sort((a, b) => a.text.localeCompare(b.text, "en"));
  const rank = new Uint32Array(strings.length);
  order.forEach(({ at }, place) => {
    rank[at] = place;
  });
  return index.map((at) => rank[at] ?? 0);
}
