import { parseQueryLine } from "../query/parse-query-line";
import { printTerm } from "../query/print-query-line";
import { type SearchMeaning, toSearchMeaning } from "../query/query-meaning";
import { hasTop } from "./brush";
import { withTerms } from "./line-terms";
import type { SearchView } from "./search-address";

/** What the page of critical paths is asked for by a line. */
export type PathsSearch = {
  search: SearchMeaning;
  /** Its terms beside service and operation, as they are written. */
  filters: string[];
  /** Terms of whole traces, which a source cannot search by. */
  leftOut: string[];
};

/** Reads a query line for the page of critical paths. Total: what does not read is not asked for. */
export function toPathsSearch(line: string): PathsSearch {
  const { terms } = parseQueryLine(line);
  const { search, leftOut } = toSearchMeaning(terms);
  const filters = terms.filter(
    (term) => term.field !== "service" && term.field !== "operation" && !leftOut.includes(term),
  );
  return { search, filters: filters.map(printTerm), leftOut: leftOut.map(printTerm) };
}

/** The address of the critical paths of what a list shows: its line, and its selection where the list is of that only. */
export function pathsAddress({ line, brush, isOnlySelection }: Pick<SearchView, "line" | "brush" | "isOnlySelection">) {
  if (brush === undefined || !isOnlySelection) return { q: line };
  const q = withTerms(line, [
    { field: "dur", comparator: ">=", value: Math.max(0, Math.floor(brush.lowUs)) },
    ...(hasTop(brush.highUs) ? [{ field: "dur", comparator: "<=", value: Math.ceil(brush.highUs) } as const] : []),
  ]);
  return { q, range: undefined, from: Math.floor(brush.fromMs), to: Math.ceil(brush.toMs) + 1 };
}
