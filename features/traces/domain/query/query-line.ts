/*
 * The query line: terms with spaces between, all of which must hold.
 *
 *   service:web operation:"GET /users/:id" dur>=1s status:error release:v3 spans>100 http.route:/users
 *
 * `release` is short for the attribute `service.version`; any other key is an attribute. Values and keys that hold spaces,
 * quotes or signs of the language stand in double quotes, with \" and \\ inside.
 */

export const COMPARATORS = [">=", "<=", ">", "<"] as const;
export type Comparator = (typeof COMPARATORS)[number];

export type QueryTerm =
  | { field: "service" | "operation"; value: string }
  | { field: "status"; value: "error" | "ok" }
  /** `value` is µs for `dur`, a count for `spans`. */
  | { field: "dur" | "spans"; comparator: Comparator; value: number }
  | { field: "attribute"; key: string; value: string };

/** Fields of the language with what they mean, as completion shows them. */
export const QUERY_FIELDS = [
  { key: "service", sign: ":", hint: "takes part in the trace" },
  { key: "operation", sign: ":", hint: "name of a span; of the root span in charts" },
  { key: "dur", sign: ">", hint: "how long, like dur>300ms or dur<2s" },
  { key: "status", sign: ":", hint: "error or ok" },
  { key: "release", sign: ":", hint: "version of the service (service.version)" },
  { key: "spans", sign: ">", hint: "how many spans, like spans>100" },
] as const;

export const RELEASE_KEY = "service.version";

/** What must stand in quotes: nothing at all, spaces, quotes, and in keys also the signs that end a key. */
const NEEDS_QUOTES = /^$|[\s"\\]/;
/** A key that begins or ends like a negation would be taken for one. */
const KEY_NEEDS_QUOTES = /^[-!]|^$|[\s"\\:<>=]|!$/;
/** Words other search languages know; as attributes they stand in quotes. */
export const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  has: "A search finds values, not that an attribute is there",
  svc: "Write service",
  op: "Write operation",
  name: "Write operation",
};
const RESERVED = new Set<string>([...QUERY_FIELDS.map(({ key }) => key), "duration", ...Object.keys(FOREIGN_KEYS)]);
/** A value that would be taken for a pattern. */
const PATTERN = /^~/;

/** A value as the line takes it, in quotes only where they are needed. */
export function quoteValue(value: string): string {
  return NEEDS_QUOTES.test(value) || PATTERN.test(value) ? quoted(value) : value;
}

/** An attribute's key; one that is also a field of the language stands in quotes. */
export function quoteKey(key: string): string {
  return KEY_NEEDS_QUOTES.test(key) || RESERVED.has(key) ? quoted(key) : key;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
