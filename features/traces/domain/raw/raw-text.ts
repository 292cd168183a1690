import type { RawLines } from "./raw-lines";

export type RawDocument = { bytes: Uint8Array; lines: RawLines };

/** A piece of a line, by what it is. */
export type RawPart = { kind: "key" | "text" | "literal" | "sign"; text: string };

/** Longer lines are cut where they are shown; copies are whole. */
const MAX_SHOWN_BYTES = 2_000;
const INDENT = "  ";
const TOKEN = /("(?:[^"\\]|\\.)*(?:"|$))(:?)|([{}[\],:])|([^{}[\],:"]+)/gs;

/** The pieces of a line, with the spaces a reader expects; cut when it is very long. */
export function partsOfLine({ bytes, lines }: RawDocument, line: number): RawPart[] {
  const from = lines.start[line] ?? 0;
  const to = lines.end[line] ?? 0;
  const shownTo = Math.min(to, from + MAX_SHOWN_BYTES);
  const parts = toParts(decode(bytes.subarray(from, shownTo)));
  return shownTo < to ? [...parts, { kind: "sign", text: `… ${to - shownTo} more bytes` }] : parts;
}

function toParts(text: string): RawPart[] {
  const parts: RawPart[] = [];
  for (const [token, quoted, colon, sign] of text.matchAll(TOKEN)) {
    if (quoted !== undefined) {
      parts.push({ kind: colon === ":" ? "key" : "text", text: colon === ":" ? `${quoted}: ` : quoted });
    } else if (sign === undefined) parts.push({ kind: "literal", text: token });
    else parts.push({ kind: "sign", text: sign });
  }
  return withSpaces(parts);
}

/** `{"a":1,"b":2}` → `{ "a": 1, "b": 2 }`; a sign at the end of a line stays as it is. */
function withSpaces(parts: RawPart[]): RawPart[] {
  return parts.map((part, at) => {
    if (part.kind !== "sign") return part;
    const isLast = at === parts.length - 1;
    const closes = /^[}\]]$/.test(parts[at + 1]?.text ?? "");
    if (part.text === "," && !isLast) return { ...part, text: ", " };
    if (part.text === "{" && !isLast && !closes) return { ...part, text: "{ " };
    if (part.text === "}" && at > 0 && !/^[{]/.test(parts[at - 1]?.text ?? "")) return { ...part, text: " }" };
    return part;
  });
}

/** Lines `first` to `last` as text to keep, indented from the first on, without the comma after the last. */
export function textOfLines({ bytes, lines }: RawDocument, first: number, last: number): string {
  const base = lines.depth[first] ?? 0;
  const texts: string[] = [];
  for (let line = first; line <= last; line += 1) {
    const parts = toParts(decode(bytes.subarray(lines.start[line] ?? 0, lines.end[line] ?? 0)));
    texts.push(INDENT.repeat(Math.max(0, (lines.depth[line] ?? 0) - base)) + parts.map(({ text }) => text).join(""));
  }
  return texts.join("\n").replace(/,$/, "");
}

/** The span a line belongs to, -1 for none. */
export function spanOfLine({ spanCount, spanFirst, spanLast }: RawLines, line: number): number {
  const span = lastAtMost(spanFirst, spanCount, line);
  return span !== -1 && line <= (spanLast[span] ?? -1) ? span : -1;
}

/** The id of a span, in lower case; "" where it has none of 16 digits. */
export function idOfSpan({ bytes, lines }: RawDocument, span: number): string {
  const at = lines.spanIdAt[span] ?? 0;
  if (at === 0) return "";
  const id = decode(bytes.subarray(at, at + 16)).toLowerCase();
  return /^[0-9a-f]{16}$/.test(id) ? id : "";
}

/** The first span with an id, -1 for none. */
export function findSpan({ bytes, lines }: RawDocument, id: string): number {
  const upper = id.toUpperCase();
  for (let span = 0; span < lines.spanCount; span += 1) {
    const from = lines.spanIdAt[span] ?? 0;
    let at = 0;
    while (at < id.length && isSame(bytes[from + at], id.charCodeAt(at), upper.charCodeAt(at))) at += 1;
    if (from !== 0 && at === id.length) return span;
  }
  return -1;
}

const isSame = (byte: number | undefined, lower: number, upper: number): boolean => byte === lower || byte === upper;

/** The last of the ascending values that is not above `limit`, -1 for none. */
export function lastAtMost(values: Uint32Array, count: number, limit: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

const DECODER = new TextDecoder();
const decode = (bytes: Uint8Array): string => DECODER.decode(bytes);
