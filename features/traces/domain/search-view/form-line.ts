import { toAttributeText } from "../attribute-text";
import { toDurationText } from "../duration-text";
import { parseQueryLine } from "../query/parse-query-line";
import { printQueryLine } from "../query/print-query-line";
import type { QueryTerm } from "../query/query-line";
import { toFactMeaning } from "../query/query-meaning";
import { EMPTY_SEARCH_FORM, type SearchCriteria, type SearchForm } from "../search-form";

/** What a form shows of a line: one field each; the rest of the line is kept by {@link lineOfCriteria}. */
export function formOfLine(line: string, limit: string): SearchForm {
  const { service = "", operation = "", attributes = {}, ...rest } = toFactMeaning(parseQueryLine(line).terms);
  return {
    ...EMPTY_SEARCH_FORM,
    service,
    operation,
    attributes: toAttributeText(attributes),
    min: rest.minDurationUs === undefined ? "" : toDurationText(rest.minDurationUs),
    max: rest.maxDurationUs === undefined ? "" : toDurationText(rest.maxDurationUs),
    limit,
  };
}

/** The line a filled form stands for; terms that have no field (status, spans) stay. */
export function lineOfCriteria(line: string, criteria: SearchCriteria): string {
  const { terms } = parseQueryLine(line);
  const fields: QueryTerm[] = [];
  if (criteria.service !== undefined) fields.push({ field: "service", value: criteria.service });
  if (criteria.operation !== undefined) fields.push({ field: "operation", value: criteria.operation });
  if (criteria.minDurationUs !== undefined) {
    fields.push({ field: "dur", comparator: ">=", value: criteria.minDurationUs });
  }
  if (criteria.maxDurationUs !== undefined) {
    fields.push({ field: "dur", comparator: "<=", value: criteria.maxDurationUs });
  }
  const others = terms.filter(({ field }) => field === "status" || field === "spans");
  const attributes = Object.entries(criteria.attributes ?? {}).map(
    ([key, value]): QueryTerm => ({ field: "attribute", key, value }),
  );
  return printQueryLine([...fields, ...others, ...attributes]);
}
