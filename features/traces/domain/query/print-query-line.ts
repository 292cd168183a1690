import { toDurationText } from "../duration-text";
import { type QueryTerm, quoteKey, quoteValue, RELEASE_KEY } from "./query-line";

/** The line that {@link parseQueryLine} reads back to the same terms. */
export function printQueryLine(terms: readonly QueryTerm[]): string {
  return terms.map(printTerm).join(" ");
}

/** One term as it stands in a line. */
export function printTerm(term: QueryTerm): string {
  switch (term.field) {
    case "service":
    case "operation":
    case "status":
      return `${term.field}:${quoteValue(term.value)}`;
    case "dur":
      return `dur${term.comparator}${toDurationText(term.value)}`;
    case "spans":
      return `spans${term.comparator}${term.value}`;
    case "attribute":
      return `${term.key === RELEASE_KEY ? "release" : quoteKey(term.key)}:${quoteValue(term.value)}`;
  }
}
