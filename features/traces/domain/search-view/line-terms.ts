import { parseQueryLine } from "../query/parse-query-line";
import { printQueryLine } from "../query/print-query-line";
import type { QueryTerm } from "../query/query-line";

/** Whether both say something of the same thing, so that one line cannot hold both. */
function isRival(a: QueryTerm, b: QueryTerm): boolean {
  if (a.field === "attribute" || b.field === "attribute") {
    return a.field === "attribute" && b.field === "attribute" && a.key === b.key;
  }
  if (a.field !== b.field) return false;
  return !("comparator" in a && "comparator" in b) || a.comparator[0] === b.comparator[0];
}

/** The line with these terms in it, each in place of one that says the same thing; the rest stays as it was. */
export function withTerms(line: string, added: readonly QueryTerm[]): string {
  const kept = parseQueryLine(line).terms.filter((term) => !added.some((other) => isRival(term, other)));
  return printQueryLine([...kept, ...added]);
}

/** The line without one of its terms, by its place among those that read. */
export function withoutTerm(line: string, at: number): string {
  return printQueryLine(parseQueryLine(line).terms.filter((_, index) => index !== at));
}

/** The line without the terms of a field. */
export function withoutField(line: string, field: QueryTerm["field"]): string {
  return printQueryLine(parseQueryLine(line).terms.filter((term) => term.field !== field));
}

/** The words of a line that do not read, as they were written. */
export function unreadText(line: string): string {
  const words = parseQueryLine(line).problems.map(({ from, to }) =>
    line.slice(line.lastIndexOf(" ", from - 1) + 1, to),
  );
  return [...new Set(words)].join(" ").trim();
}
