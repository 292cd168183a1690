import { parseQueryLine } from "../query/parse-query-line";
import { type FactMeaning, toSearchMeaning } from "../query/query-meaning";
import type { SummarySort } from "../summary-order";
import { type Brush, hasTop } from "./brush";

type Window = { fromMs: number; toMs: number };

/** What of a line the ranking (`/api/traces/slowest`) cannot take. */
export function isRankable(line: string): boolean {
  const { terms } = parseQueryLine(line);
  return terms.every(({ field }) => field === "service" || field === "operation" || field === "attribute");
}

/** Parameters of `GET /api/traces/facts` and `…/points` for a line. */
export function factsParams(meaning: FactMeaning, window: Window, more: Record<string, string>): URLSearchParams {
  const { attributes = {}, ...plain } = meaning;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) params.set(name, String(value));
  if (Object.keys(attributes).length > 0) params.set("attributes", JSON.stringify(attributes));
  params.set("start", String(Math.floor(window.fromMs)));
  params.set("end", String(Math.ceil(window.toMs)));
  for (const [name, value] of Object.entries(more)) if (value !== "") params.set(name, value);
  return params;
}

/** A meaning narrowed to a selection: the time is returned apart, as it is the window of the request. */
export function withinBrush(
  meaning: FactMeaning,
  window: Window,
  brush: Brush,
): { meaning: FactMeaning; window: Window } {
  const { minDurationUs = 0, maxDurationUs = Number.MAX_SAFE_INTEGER } = meaning;
  return {
    meaning: {
      ...meaning,
      minDurationUs: Math.max(minDurationUs, brush.lowUs),
      maxDurationUs: Math.max(brush.lowUs, Math.min(maxDurationUs, brush.highUs)),
    },
    // The request's end is not part of it, a brush's edge is.
    window: {
      fromMs: Math.max(window.fromMs, brush.fromMs),
      toMs: Math.max(Math.min(window.toMs, brush.toMs + 1), Math.max(window.fromMs, brush.fromMs) + 1),
    },
  };
}

/** How the fact table calls a column; it cannot sort by name. */
export function factSortOf({ by, direction }: SummarySort): { sort: string; order: string } {
  const sort = { started: "start", operation: "start", duration: by, spans: by, errors: by, usual: by }[by];
  return { sort, order: direction === "ascending" && by !== "operation" ? "asc" : "desc" };
}

/** The body of `POST /api/traces/bubble-up`. Terms about whole traces are bounds of time and duration only. */
export function bubbleUpBody(line: string, window: Window, brush: Brush) {
  const { search } = toSearchMeaning(parseQueryLine(line).terms);
  return {
    search: { ...search, start: Math.floor(window.fromMs), end: Math.ceil(window.toMs) },
    selection: {
      start: Math.floor(brush.fromMs),
      end: Math.ceil(brush.toMs),
      minDurationUs: Math.floor(brush.lowUs),
      ...(hasTop(brush.highUs) ? { maxDurationUs: Math.ceil(brush.highUs) } : {}),
    },
  };
}
