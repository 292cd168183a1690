/** The views of one trace, as `view=` in an address names them; the first is what an address without it shows. */
export const TRACE_VIEWS = ["waterfall", "flame", "operations", "spans", "raw"] as const;
export type TraceViewName = (typeof TRACE_VIEWS)[number];

/** The view an address asks for; the waterfall for none and for names nobody knows. */
export function parseTraceView(text: string | null): TraceViewName {
  return TRACE_VIEWS.find((view) => view === text) ?? "waterfall";
}
