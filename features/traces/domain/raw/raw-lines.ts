import { endOfString } from "./compact-json";

/**
 * How a document of traces is told in lines, without the text of any: each line is a stretch of the compact bytes. An
 * object or list that fits a line is one; the spans of an OTLP document are known by their lines.
 */
export type RawLines = {
  count: number;
  start: Uint32Array;
  end: Uint32Array;
  /** Levels of indentation, at most 255. */
  depth: Uint8Array;
  spanCount: number;
  /** First and last line of each span. */
  spanFirst: Uint32Array;
  spanLast: Uint32Array;
  /** Where the digits of its id begin, 0 where it has none. */
  spanIdAt: Uint32Array;
};

/** Longer objects and lists stand on lines of their own. */
const MAX_INLINE_BYTES = 110;
const MAX_DEPTH = 255;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Lines of compact JSON (see `compactJson`). Total: text that is no JSON has lines too. No recursion. */
export function indexRawLines(bytes: Uint8Array): RawLines {
  const reader = new LineReader(bytes);
  let at = 0;
  while (at < bytes.length) at = reader.read(at);
  return reader.finish();
}

/** An object or list that is open: where its first line begins, and what it is. */
type Open = { line: number; from: number; holdsSpans: boolean; span: number };

class LineReader {
  readonly #bytes: Uint8Array;
  readonly #start = new GrowingColumn();
  readonly #end = new GrowingColumn();
  readonly #depth = new GrowingColumn();
  readonly #spanFirst = new GrowingColumn();
  readonly #spanLast = new GrowingColumn();
  readonly #spanIdAt = new GrowingColumn();
  readonly #open: Open[] = [];
  #lineFrom = 0;
  #keyFrom = 0;
  #keyTo = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads the token at `at`; returns the place after it. */
  read(at: number): number {
    switch (this.#bytes[at]) {
      case QUOTE:
        return this.#readString(at);
      case COMMA:
        this.#endLine(at + 1);
        return at + 1;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return this.#openAt(at);
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#closeAt(at);
        return at + 1;
      default:
        return at + 1;
    }
  }

  #readString(at: number): number {
    const end = endOfString(this.#bytes, at);
    if (this.#bytes[end] === COLON) {
      this.#keyFrom = at + 1;
      this.#keyTo = end - 1;
      return end + 1;
    }
    const span = this.#open.at(-1)?.span ?? -1;
    if (span !== -1 && this.#isKey("spanId")) this.#spanIdAt.set(span, at + 1);
    return end;
  }

  #openAt(at: number): number {
    const next = this.#bytes[at + 1];
    if (next === CLOSE_BRACE || next === CLOSE_BRACKET) return at + 2;
    const isList = this.#bytes[at] === OPEN_BRACKET;
    const isSpan = !isList && this.#open.at(-1)?.holdsSpans === true;
    const line = this.#start.length;
    const span = isSpan ? this.#spanFirst.length : -1;
    if (isSpan) {
      this.#spanFirst.push(line);
      this.#spanLast.push(line);
      this.#spanIdAt.push(0);
    }
    const from = this.#lineFrom;
    this.#endLine(at + 1);
    this.#open.push({ line, from, holdsSpans: isList && this.#isKey("spans"), span });
    // What is in a list has no key of its own.
    this.#keyTo = this.#keyFrom;
    return at + 1;
  }

  #closeAt(at: number): void {
    if (this.#lineFrom < at) this.#endLine(at);
    const open = this.#open.pop();
    if (open === undefined) return;
    if (at + 1 - open.from <= MAX_INLINE_BYTES) {
      this.#truncate(open.line);
      this.#lineFrom = open.from;
    } else this.#lineFrom = at;
    // The line that closes it comes next.
    if (open.span !== -1) this.#spanLast.set(open.span, this.#start.length);
  }

  #truncate(line: number): void {
    this.#start.length = line;
    this.#end.length = line;
    this.#depth.length = line;
    for (let span = this.#spanFirst.length - 1; span >= 0 && this.#spanLast.get(span) > line; span -= 1) {
      this.#spanFirst.set(span, Math.min(line, this.#spanFirst.get(span)));
      this.#spanLast.set(span, line);
    }
  }

  #endLine(end: number): void {
    this.#start.push(this.#lineFrom);
    this.#end.push(end);
    this.#depth.push(Math.min(MAX_DEPTH, this.#open.length));
    this.#lineFrom = end;
  }

  #isKey(key: string): boolean {
    if (this.#keyTo - this.#keyFrom !== key.length) return false;
    for (let at = 0; at < key.length; at += 1) {
      if (this.#bytes[this.#keyFrom + at] !== key.charCodeAt(at)) return false;
    }
    return true;
  }

  finish(): RawLines {
    if (this.#lineFrom < this.#bytes.length) this.#endLine(this.#bytes.length);
    return {
      count: this.#start.length,
      start: this.#start.finish(),
      end: this.#end.finish(),
      depth: Uint8Array.from(this.#depth.finish()),
      spanCount: this.#spanFirst.length,
      spanFirst: this.#spanFirst.finish(),
      spanLast: this.#spanLast.finish(),
      spanIdAt: this.#spanIdAt.finish(),
    };
  }
}

/** Unsigned numbers, as many as come; two million lines as a plain array would be boxed. */
class GrowingColumn {
  length = 0;
  #values = new Uint32Array(1024);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Uint32Array(this.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  get(at: number): number {
    return this.#values[at] ?? 0;
  }

  set(at: number, value: number): void {
    this.#values[at] = value;
  }

  finish(): Uint32Array {
    return this.#values.slice(0, this.length);
  }
}
