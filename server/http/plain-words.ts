import type { z } from "zod";

const MAX_SHOWN_LENGTH = 40;

type Issue = z.core.$ZodRawIssue;

/**
 * Words for what is wrong with `given`: what was expected, and what came. For `z.safeParse(schema, given, { error })`, where
 * a message that a schema brings of its own goes before.
 */
export function plainWords(given: unknown): z.core.$ZodErrorMap {
  return (issue) => describe(issue, given);
}

function describe(issue: Issue, given: unknown): string {
  // Coercion may have made NaN of it: the reader wants to see what was sent.
  const came = valueAt(given, issue);
  switch (issue.code) {
    case "invalid_type":
    case "invalid_value":
      return wanted(expectedBy(issue), came);
    case "too_small":
    case "too_big":
      return describeSize(issue);
    case "invalid_format":
      return wanted(formatOf(issue), came);
    case "not_multiple_of":
      return wanted(`a multiple of ${issue.divisor}`, came);
    case "unrecognized_keys":
      return issue.keys.length === 1 ? "is not known here" : "are not known here";
    case "invalid_union":
      return describeUnion(issue, came);
    case "invalid_key":
      return "is a name that is not possible here";
    default:
      return "is not valid";
  }
}

const wanted = (expected: string, came: unknown): string =>
  came === undefined ? `is missing: must be ${expected}` : `must be ${expected}, not ${shown(came)}`;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  set: "a list",
  object: "an object",
  record: "an object",
  map: "an object",
  date: "a time",
  null: "null",
  undefined: "left out",
  never: "left out",
};

function expectedBy(issue: Extract<Issue, { code: "invalid_type" | "invalid_value" }>): string {
  if (issue.code === "invalid_type") return KINDS[issue.expected] ?? issue.expected;
  const values = issue.values.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value)));
  return values.length === 1 ? (values[0] ?? "") : `one of ${values.join(", ")}`;
}

function describeSize(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const { origin, input } = issue;
  const isSmall = issue.code === "too_small";
  const limit = isSmall ? issue.minimum : issue.maximum;
  const bound = issue.exact === true ? "exactly" : isSmall ? "at least" : "at most";
  if (typeof input === "string") {
    if (isSmall && Number(limit) === 1) return "must not be empty";
    return `must have ${bound} ${limit} characters, not ${input.length}`;
  }
  if (Array.isArray(input)) return `must have ${bound} ${limit} entries, not ${input.length}`;
  if (typeof input !== "number" && typeof input !== "bigint") return `must have ${bound} ${limit} (${origin})`;
  const strict = isSmall ? "more than" : "less than";
  return `must be ${issue.inclusive === false ? strict : bound} ${limit}, not ${input}`;
}

const FORMATS: Record<string, string> = {
  uuid: "a UUID",
  guid: "a UUID",
  url: "a URL",
  email: "an e-mail address",
  datetime: "a time like 2026-11-23T10:00:00Z",
  date: "a date like 2026-11-23",
  base64: "base64",
  safeint: "a whole number",
};

function formatOf(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if (issue.format === "regex") return `of the form ${issue.pattern}`;
  if (issue.format === "starts_with" && "prefix" in issue) return `text that begins with "${issue.prefix}"`;
  if (issue.format === "ends_with" && "suffix" in issue) return `text that ends with "${issue.suffix}"`;
  return FORMATS[issue.format] ?? `of the form ${issue.format}`;
}

/** A value that fits no shape: what each shape wants of the value as a whole, where that is all that is wrong. */
function describeUnion(issue: Extract<Issue, { code: "invalid_union" }>, came: unknown): string {
  const expected = issue.errors.map(([first]) =>
    first !== undefined && first.path.length === 0 && (first.code === "invalid_type" || first.code === "invalid_value")
      ? expectedBy({ ...first, input: came })
      : undefined,
  );
  const isPlain = expected.length > 0 && !expected.includes(undefined);
  return isPlain ? wanted([...new Set(expected)].join(" or "), came) : "fits none of the shapes that are possible here";
}

/** What was sent for it; `undefined` when nothing was. Inside text that was read as JSON, what the schema saw. */
function valueAt(given: unknown, { path = [], input }: Issue): unknown {
  let value = given;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return input;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);
}
