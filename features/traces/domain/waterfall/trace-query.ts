import { parseDurationText } from "../duration-text";
import { SPAN_CATEGORIES } from "../span-category";
import { SPAN_KINDS } from "../trace-skeleton";
import type { AttributeOp, AttributeTerm } from "./attribute-matches";

/** What a word of the query asks of a span. */
export type QueryTest =
  | { field: "duration" | "self" | "start"; op: "<" | "<=" | ">" | ">=" | "="; amount: number; unit: "us" | "share" }
  | { field: "name" | "service" | "detail" | "any"; text: string; isExact?: boolean }
  | { field: "attribute"; key: string; op: AttributeOp; text: string }
  | { field: "kind" | "category"; index: number }
  | { field: "error" | "path" | "orphan" | "events" };

/** Where a word stands in the text, end exclusive. */
export type Place = { from: number; to: number };
export type QueryTerm = QueryTest & Place & { isNegated: boolean };
export type QueryMistake = Place & { message: string };
/** All words must hold. A word with a mistake is told and left out. */
export type TraceQuery = { terms: QueryTerm[]; mistakes: QueryMistake[] };

const FLAGS = { error: "error", path: "path", critical: "path", orphan: "orphan", events: "events" } as const;
const AMOUNTS = { dur: "duration", duration: "duration", self: "self", start: "start" } as const;
const TEXTS = { name: "name", svc: "service", service: "service", attr: "detail", detail: "detail" } as const;

/** A minus, a key with its operator, a value; a value with spaces stands in quotes. */
const WORD = /(-?)(?:([a-z_][\w.@/-]*?)(:|[<>]=?|=))?("(?:[^"\\]|\\.)*"?|[^\s"]\S*)?/iy;

/**
 * `dur>5% name:SELECT -svc:redis error "two words"` → tests. Keys: `dur`, `self`, `start` with `<`, `<=`, `>`, `>=`,
 * `=` and a time or a share of the trace; `name:`, `svc:`, `attr:` (the span's one line: statement, address, queue), with
 * `=` for the whole of it to the letter; `kind:`, `is:` a category; `error`, `path`, `orphan`, `events`. Any other key is
 * that of an attribute: `key:text`, `key=text`, `key>=5`, `key:*` for any value. Any other word is looked for in name,
 * service, line, and in the values of all attributes.
 * Never throws.
 */
export function parseTraceQuery(text: string): TraceQuery {
  const query: TraceQuery = { terms: [], mistakes: [] };
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? "")) {
      at += 1;
      continue;
    }
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    const length = Math.max(1, match?.[0].length ?? 0);
    const place = { from: at, to: at + length };
    const [, minus = "", key, op = "", value = ""] = match ?? [];
    const read = readWord(key, op, unquoted(value));
    if ("message" in read) query.mistakes.push({ ...place, message: read.message });
    else query.terms.push({ ...read, ...place, isNegated: minus === "-" });
    at = place.to;
  }
  return query;
}

type Read = QueryTest | { message: string };

function unquoted(value: string): string {
  const inside = /^"((?:[^"\\]|\\.)*)"?$/s.exec(value)?.[1];
  return inside === undefined ? value : inside.replaceAll(/\\(.)/gs, "$1");
}

function readWord(written: string | undefined, op: string, value: string): Read {
  if (written === undefined) return readBare(value);
  const key = written.toLowerCase();
  if (Object.hasOwn(AMOUNTS, key)) return readAmount(AMOUNTS[key as keyof typeof AMOUNTS], op, value);
  if (op === "=" && Object.hasOwn(TEXTS, key))
    return { field: TEXTS[key as keyof typeof TEXTS], text: value, isExact: true };
  const isKnown = Object.hasOwn(TEXTS, key) || key === "kind" || key === "is";
  // `http://…` and `name<5` are texts that happen to hold an operator.
  if (value.startsWith("//") || (isKnown && op !== ":"))
    return { field: "any", text: `${key}${op}${value}`.toLowerCase() };
  if (Object.hasOwn(TEXTS, key)) return readText(TEXTS[key as keyof typeof TEXTS], key, value);
  if (key === "kind") return readIndex("kind", SPAN_KINDS, value);
  if (key === "is") return readIndex("category", SPAN_CATEGORIES, value);
  return readAttribute(written, op as AttributeOp, value);
}

/** An attribute by its key, which is taken to the letter. */
function readAttribute(key: string, op: AttributeOp, value: string): Read {
  if (op === ":" && value === "*") return { field: "attribute", key, op: "has", text: "" };
  if (value === "" && op !== "=") return { message: `Write what to look for: ${key}:text, or ${key}:* for any value.` };
  if (op === ":" || op === "=") return { field: "attribute", key, op, text: value };
  if (Number.isFinite(Number(value))) return { field: "attribute", key, op, text: value };
  return { field: "any", text: `${key}${op}${value}`.toLowerCase() };
}

/** What only the server can tell: attributes by key, and words among the values of all of them. */
export function askedOfServer({ terms }: TraceQuery): AttributeTerm[] {
  const asked = terms.flatMap((term) => toAttributeTerm(term) ?? []);
  return [...new Map(asked.map((term) => [attributeKey(term), term])).values()];
}

/** Fewer letters are in every value. */
const FEWEST_LETTERS = 2;

/** The part of a term that is about attributes. */
export function toAttributeTerm(term: QueryTest): AttributeTerm | undefined {
  if (term.field === "attribute") return { key: term.key, op: term.op, text: term.text };
  if (term.field !== "any" || term.text.length < FEWEST_LETTERS) return undefined;
  return { key: "", op: ":", text: term.text };
}

/** The same for equal terms. */
export const attributeKey = ({ key, op, text }: AttributeTerm): string => JSON.stringify([key, op, text]);

function readBare(value: string): Read {
  const word = value.toLowerCase();
  if (Object.hasOwn(FLAGS, word)) return { field: FLAGS[word as keyof typeof FLAGS] };
  if (Object.hasOwn(AMOUNTS, word)) return { message: `Write how much: ${word}>5% or ${word}>10ms.` };
  return word === "" ? { message: "Nothing follows here." } : { field: "any", text: word };
}

function readText(field: "name" | "service" | "detail", key: string, value: string): Read {
  return value === "" ? { message: `Write what to look for: ${key}:text.` } : { field, text: value.toLowerCase() };
}

function readIndex(field: "kind" | "category", known: readonly string[], value: string): Read {
  const index = known.indexOf(value.toLowerCase());
  return index === -1 ? { message: `“${value}” is none of ${known.join(", ")}.` } : { field, index };
}

function readAmount(field: "duration" | "self" | "start", op: string, value: string): Read {
  const operator = op === ":" ? ">=" : (op as "<" | "<=" | ">" | ">=" | "=");
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value);
  if (percent !== null) return { field, op: operator, amount: Number(percent[1]) / 100, unit: "share" };
  const amount = parseDurationText(value);
  if (amount === undefined) return { message: `“${value}” is no time (10ms, 1.5s) and no share of the trace (5%).` };
  return { field, op: operator, amount, unit: "us" };
}
