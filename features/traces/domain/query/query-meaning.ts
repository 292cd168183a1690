import type { Comparator, QueryTerm } from "./query-line";

/** What a search of the source can take of a line. */
export type SearchMeaning = {
  service?: string;
  operation?: string;
  minDurationUs?: number;
  maxDurationUs?: number;
  attributes?: Record<string, string>;
};
/** What the fact table can take: all of it; attributes are joined from the source. */
export type FactMeaning = SearchMeaning & { status?: "error" | "ok"; minSpans?: number; maxSpans?: number };

/** The filters of `GET /api/traces/facts` a line stands for. */
export function toFactMeaning(terms: readonly QueryTerm[]): FactMeaning {
  const meaning: FactMeaning = {};
  for (const term of terms) {
    switch (term.field) {
      case "service":
      case "operation":
        meaning[term.field] = term.value;
        break;
      case "status":
        meaning.status = term.value;
        break;
      case "attribute":
        meaning.attributes = { ...meaning.attributes, [term.key]: term.value };
        break;
      case "dur":
        Object.assign(meaning, bounds(term, "minDurationUs", "maxDurationUs"));
        break;
      case "spans":
        Object.assign(meaning, bounds(term, "minSpans", "maxSpans"));
        break;
    }
  }
  return meaning;
}

/**
 * The search of `GET /api/traces` a line stands for. `leftOut` names terms a source cannot search by: those hold only where
 * the fact table is asked. Failed traces are found by Jaeger's own pseudo attribute `error`.
 */
export function toSearchMeaning(terms: readonly QueryTerm[]): { search: SearchMeaning; leftOut: QueryTerm[] } {
  const { status, minSpans: _least, maxSpans: _most, ...search } = toFactMeaning(terms);
  const leftOut = terms.filter((term) => term.field === "spans" || (term.field === "status" && term.value === "ok"));
  if (status === "error") search.attributes = { ...search.attributes, error: "true" };
  return { search, leftOut };
}

type Comparison = { comparator: Comparator; value: number };

/** Both are whole numbers, so "more than" is one more. */
function bounds({ comparator, value }: Comparison, least: string, most: string): Record<string, number> {
  switch (comparator) {
    case ">=":
      return { [least]: value };
    case ">":
      return { [least]: value + 1 };
    case "<=":
      return { [most]: value };
    case "<":
      return { [most]: Math.max(0, value - 1) };
  }
}
