import { parseDurationText } from "../duration-text";
import { type Comparator, FOREIGN_KEYS, type QueryTerm, quoteKey, quoteValue, RELEASE_KEY } from "./query-line";

/** What is wrong, and where: from the character `from` up to `to`, which may be the end of the line. */
export type QueryProblem = { from: number; to: number; message: string };
export type ParsedQuery = { terms: QueryTerm[]; problems: QueryProblem[] };

/** A term as it stands in the line, before anybody knows what it means. */
export type RawTerm = {
  from: number;
  to: number;
  key: string;
  isKeyQuoted: boolean;
  isValueQuoted: boolean;
  /** "" for a word without a sign. */
  sign: string;
  valueFrom: number;
  value: string;
  isClosed: boolean;
};

const MAX_LINE = 2000;
const COMPARED = new Set(["dur", "duration", "spans"]);
const SIGN = /^(?:>=|<=|[:=<>])/;

/** Reads a query line. Every mistake is told at once, with its place; the terms that make sense are there all the same. */
export function parseQueryLine(line: string): ParsedQuery {
  const problems: QueryProblem[] = [];
  if (line.length > MAX_LINE) {
    return {
      terms: [],
      problems: [{ from: MAX_LINE, to: line.length, message: `The line is longer than ${MAX_LINE}.` }],
    };
  }
  const terms: QueryTerm[] = [];
  const seen = new Set<string>();
  for (const raw of scanTerms(line)) {
    const outcome = toTerm(raw);
    if ("message" in outcome) {
      problems.push(outcome);
      continue;
    }
    const name = nameOf(outcome);
    if (seen.has(name)) problems.push({ from: raw.from, to: raw.to, message: `There is a second term for ${name}.` });
    else terms.push(outcome);
    seen.add(name);
  }
  return { terms, problems };
}

/** Two terms of one name contradict or repeat each other. */
function nameOf(term: QueryTerm): string {
  if (term.field === "attribute") return `the attribute ${term.key}`;
  return "comparator" in term ? `${term.field}${term.comparator[0]}` : term.field;
}

/** The terms of a line with their places; completion uses it to see where the cursor stands. */
export function scanTerms(line: string): RawTerm[] {
  const terms: RawTerm[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at] ?? "")) {
      at += 1;
      continue;
    }
    const from = at;
    const key = readText(line, at, /[\s:<>=]/);
    const sign = SIGN.exec(line.slice(key.to))?.[0] ?? "";
    const valueFrom = key.to + sign.length;
    const value = sign === "" ? { text: "", to: key.to, isClosed: true } : readText(line, valueFrom, /\s/);
    const isClosed = key.isClosed && value.isClosed;
    // What follows a closing quote without a space belongs to no term; it becomes the next one.
    terms.push({
      from,
      to: value.to,
      key: key.text,
      isKeyQuoted: line[from] === '"',
      isValueQuoted: line[valueFrom] === '"',
      sign,
      valueFrom,
      value: value.text,
      isClosed,
    });
    at = Math.max(value.to, from + 1);
  }
  return terms;
}

function readText(line: string, from: number, end: RegExp): { text: string; to: number; isClosed: boolean } {
  if (line[from] !== '"') {
    let to = from;
    while (to < line.length && !end.test(line[to] ?? "")) to += 1;
    return { text: line.slice(from, to), to, isClosed: true };
  }
  let text = "";
  for (let at = from + 1; at < line.length; at += 1) {
    const char = line[at] ?? "";
    if (char === '"') return { text, to: at + 1, isClosed: true };
    if (char === "\\" && at + 1 < line.length) at += 1;
    text += line[at] ?? "";
  }
  return { text, to: line.length, isClosed: false };
}

/** What other search languages can say and this one cannot: taken for the name of an attribute it would find nothing, falsely. */
function foreignIn({ key, sign, value, isKeyQuoted, isValueQuoted }: RawTerm): string | undefined {
  if (sign === "=" && !isValueQuoted && value.startsWith("~"))
    return `A search takes no patterns; write the whole value, or ${quoteKey(key)}=${quoteValue(value)} where it begins with a tilde.`;
  if (isKeyQuoted) return undefined;
  const isMinus = /^[-!]/.test(key);
  const name = key.replace(/^[-!]|!$/g, "");
  if (isMinus && name === "status" && (value === "error" || value === "ok")) return undefined;
  if (isMinus || key.endsWith("!"))
    return `A search cannot leave out ${name}:${value}, only find; within a trace a minus can. An attribute of that name stands in quotes.`;
  const hint = Object.hasOwn(FOREIGN_KEYS, key) ? FOREIGN_KEYS[key] : undefined;
  return hint === undefined ? undefined : `${hint}. An attribute ${key} is written "${key}":${value}.`;
}

function toTerm(raw: RawTerm): QueryTerm | QueryProblem {
  const { key, sign, value, isKeyQuoted, from, to } = raw;
  const message = mistakeIn(raw) ?? foreignIn(raw);
  if (message !== undefined) return { from, to, message };
  if (!isKeyQuoted && COMPARED.has(key)) return toComparison(raw, key === "spans" ? "spans" : "dur");
  if (sign !== ":" && sign !== "=") {
    return { from, to, message: `Only dur and spans can be compared; write ${key}:${value}.` };
  }
  if (isKeyQuoted) return { field: "attribute", key, value };
  // Of two values, not one is the other.
  if (/^[-!]status$/.test(key)) return { field: "status", value: value === "error" ? "ok" : "error" };
  return toPlainTerm(raw);
}

/** What is wrong with the shape of a term, whatever it means. */
function mistakeIn({ key, sign, isClosed, to, valueFrom }: RawTerm): string | undefined {
  if (!isClosed) return "The quote is not closed.";
  if (sign === "") return `Write key:value; "${key}" alone says nothing.`;
  if (key === "") return "A key is missing before the sign.";
  return to === valueFrom ? `${key} has no value yet.` : undefined;
}

function toPlainTerm({ key, value, from, to, valueFrom }: RawTerm): QueryTerm | QueryProblem {
  switch (key) {
    case "service":
    case "operation":
      return value === "" ? { from, to, message: `${key} has no value.` } : { field: key, value };
    case "status":
      if (value === "error" || value === "ok") return { field: key, value };
      return { from: valueFrom, to, message: "status is error or ok." };
    default:
      return { field: "attribute", key: key === "release" ? RELEASE_KEY : key, value };
  }
}

function toComparison(raw: RawTerm, field: "dur" | "spans"): QueryTerm | QueryProblem {
  const { sign, value, to, from, valueFrom } = raw;
  const example = field === "dur" ? "dur>300ms" : "spans>100";
  if (sign === ":" || sign === "=") return { from, to, message: `Write ${example}, with > or <.` };
  const number = field === "dur" ? parseDurationText(value) : /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  if (number === undefined || !Number.isSafeInteger(number)) {
    return { from: valueFrom, to, message: `Write ${example}.` };
  }
  return { field, comparator: sign as Comparator, value: number };
}
