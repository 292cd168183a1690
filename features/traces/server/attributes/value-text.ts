/** From behind a key to its value: Jaeger's older format tells the type in between. */
const TO_VALUE = /\s*,\s*(?:"(?:type|v_type|vType)"\s*:\s*"[^"]*"\s*,\s*)?"value"\s*:\s*/y;
const INTO_TYPED = /\{\s*"\w+"\s*:\s*/y;
const SCALAR = /[^\s,}\]]+/y;
/** What stands before a value in either format. */
const BEFORE_VALUE = /"(?:\w+Value|value)"\s*:\s*$/;
const LONGEST_BEFORE = 40;

/** The value of the attribute whose key ends at `at`, as text; undefined where none follows. `text` is bytes, one a character. */
export function valueBehindKey(text: string, at: number): string | undefined {
  let place = skip(TO_VALUE, text, at);
  if (place === -1) return undefined;
  if (text[place] === "{") place = skip(INTO_TYPED, text, place);
  if (place === -1) return undefined;
  if (text[place] === '"') return stringAt(text, place);
  if (text[place] === "{" || text[place] === "[") return text.slice(place, endOfNested(text, place));
  SCALAR.lastIndex = place;
  return SCALAR.exec(text)?.[0];
}

/** Whether the place is inside a value, rather than in a key, a name or the format's own words. */
export function isInValue(text: string, place: number): boolean {
  const open = openingQuote(text, place);
  if (open === -1) return BEFORE_VALUE.test(text.slice(Math.max(0, place - LONGEST_BEFORE), place));
  return BEFORE_VALUE.test(text.slice(Math.max(0, open - LONGEST_BEFORE), open));
}

/** The quote that opens the string a place is in, or -1 outside strings. */
function openingQuote(text: string, place: number): number {
  for (let at = place; at >= 0; at -= 1) {
    const character = text[at];
    if (character === '"' && !isEscaped(text, at)) return isOpening(text, at) ? at : -1;
  }
  return -1;
}

/** A quote opens a string when what stands before it, spaces aside, cannot end a value. */
function isOpening(text: string, quote: number): boolean {
  let at = quote - 1;
  while (at >= 0 && (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r")) at -= 1;
  return at < 0 || ":,[{".includes(text[at] ?? "");
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function stringAt(text: string, quote: number): string {
  const bytes = text.slice(quote + 1, closingQuote(text, quote));
  const written = /\P{ASCII}/u.test(bytes) ? Buffer.from(bytes, "latin1").toString("utf8") : bytes;
  return written.includes("\\") ? unescaped(written) : written;
}

function unescaped(written: string): string {
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    // A broken escape: shown as it was sent.
    return written;
  }
}

/** The place behind a list or map that begins here. */
function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') at = closingQuote(text, at);
    else if (OPENS.includes(character)) depth += 1;
    else if (CLOSES.includes(character)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
const OPENS = "{[";
const CLOSES = "}]";

function closingQuote(text: string, quote: number): number {
  let end = text.indexOf('"', quote + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
