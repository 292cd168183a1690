import { parseAttributeText } from "./attribute-text";
import { parseDurationText } from "./duration-text";

/** The search as it stands in the fields and in the URL: text, as typed. */
export type SearchForm = {
  service: string;
  operation: string;
  attributes: string;
  min: string;
  max: string;
  limit: string;
};
export type SearchFormField = keyof SearchForm;

export const EMPTY_SEARCH_FORM: SearchForm = {
  service: "",
  operation: "",
  attributes: "",
  min: "",
  max: "",
  limit: "",
};

/** What the fields mean; a field left empty is absent. */
export type SearchCriteria = {
  service?: string;
  operation?: string;
  attributes?: Record<string, string>;
  minDurationUs?: number;
  maxDurationUs?: number;
  limit: number;
};

export type SearchFormResult = {
  criteria: SearchCriteria;
  /** What is wrong, at its field. Anything here means: do not search. */
  problems: Partial<Record<SearchFormField, string>>;
};

const DURATION_HINT = "Write a duration like 300ms or 1.5s.";

/** Reads the fields all at once, so that every mistake is shown at once. */
export function parseSearchForm(form: SearchForm, limits: { default: number; max: number }): SearchFormResult {
  const criteria: SearchCriteria = { limit: limits.default };
  const problems: SearchFormResult["problems"] = {};
  if (form.service.trim() !== "") criteria.service = form.service.trim();
  if (form.operation.trim() !== "") criteria.operation = form.operation.trim();
  const attributes = parseAttributeText(form.attributes);
  if ("problem" in attributes) problems.attributes = attributes.problem;
  else if (Object.keys(attributes.attributes).length > 0) criteria.attributes = attributes.attributes;
  readDurations(form, criteria, problems);
  if (form.limit.trim() !== "") {
    const limit = Number(form.limit);
    if (Number.isInteger(limit) && limit >= 1 && limit <= limits.max) criteria.limit = limit;
    else problems.limit = `Ask for 1 to ${limits.max.toLocaleString("en-US")} traces.`;
  }
  return { criteria, problems };
}

function readDurations(form: SearchForm, criteria: SearchCriteria, problems: SearchFormResult["problems"]): void {
  if (form.min.trim() !== "") {
    const minDurationUs = parseDurationText(form.min);
    if (minDurationUs === undefined) problems.min = DURATION_HINT;
    else criteria.minDurationUs = minDurationUs;
  }
  if (form.max.trim() === "") return;
  const maxDurationUs = parseDurationText(form.max);
  if (maxDurationUs === undefined) problems.max = DURATION_HINT;
  else if (maxDurationUs < (criteria.minDurationUs ?? 0)) problems.max = "This is shorter than the least duration.";
  else criteria.maxDurationUs = maxDurationUs;
}
