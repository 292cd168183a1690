import type { TraceSummary } from "../trace-summary";
import type { SlowestBy } from "./slowest-schema";

/** What a ranking compares: µs, or a count. */
export function rankValue({ durationUs, errorSpanCount, spanCount }: TraceSummary, by: SlowestBy): number {
  switch (by) {
    case "duration":
      return durationUs;
    case "errors":
      return errorSpanCount;
    case "spans":
      return spanCount;
  }
}

/** Highest first; equal ones newest first, then by id, so that the same traces always stand in the same order. */
export function sortByRank(summaries: Iterable<TraceSummary>, by: SlowestBy): TraceSummary[] {
  return [...summaries].sort(
    (a, b) => rankValue(b, by) - rankValue(a, by) || b.startUs - a.startUs || (a.traceId < b.traceId ? -1 : 1),
  );
}

/** Traces seen so far, each once, in the fullest form seen. */
export class SeenTraces {
  readonly #byId = new Map<string, TraceSummary>();
  readonly #by: SlowestBy;
  readonly #keep: (summary: TraceSummary) => boolean;

  constructor(by: SlowestBy, keep: (summary: TraceSummary) => boolean) {
    this.#by = by;
    this.#keep = keep;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(summaries: readonly TraceSummary[]): void {
    for (const summary of summaries) {
      const known = this.#byId.get(summary.traceId);
      if (this.#keep(summary) && (known === undefined || known.spanCount < summary.spanCount)) {
        this.#byId.set(summary.traceId, summary);
      }
    }
  }

  /** The `limit` highest. */
  top(limit: number): TraceSummary[] {
    return sortByRank(this.#byId.values(), this.#by).slice(0, limit);
  }

  /** Value of the trace in place `limit`; undefined while fewer were seen. */
  valueAt(limit: number): number | undefined {
    const last = this.#byId.size < limit ? undefined : this.top(limit).at(-1);
    return last === undefined ? undefined : rankValue(last, this.#by);
  }

  every(test: (summary: TraceSummary) => boolean): boolean {
    for (const summary of this.#byId.values()) if (!test(summary)) return false;
    return true;
  }
}
