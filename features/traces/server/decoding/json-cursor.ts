import { AppError } from "@/lib/errors";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Walks JSON bytes without building objects: a trace of 100,000 spans is 56 MB of JSON, of which a page needs 2 MB.
 * What is read is checked; what is skipped is checked for balance and for strings that end. Nothing recurses, so depth
 * costs nothing. Throws `invalid_input` naming the byte where the text stops making sense.
 */
export class JsonCursor {
  at = 0;
  /** Halves of the last id {@link readHex16} read. */
  high = 0;
  low = 0;
  readonly bytes: Buffer;
  /**
   * The bytes as one character each: slices of one string cost a tenth of as many `Buffer.toString` calls, which were
   * two thirds of the whole decoding.
   */
  readonly #text: string;
  #isFirst = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#text = bytes.toString("latin1");
  }

  /** Whether anything but white space is left. */
  hasMore(): boolean {
    return this.#peek() !== -1;
  }

  isObject(): boolean {
    return this.#peek() === OPEN_BRACE;
  }

  isArray(): boolean {
    return this.#peek() === OPEN_BRACKET;
  }

  isString(): boolean {
    return this.#peek() === QUOTE;
  }

  /** Consumes `{`; then call {@link nextKey} until it has none. */
  openObject(): void {
    this.#expect(OPEN_BRACE, "an object");
    this.#isFirst = true;
  }

  /** The next key, with the cursor on its value; undefined after the object's end. */
  nextKey(): string | undefined {
    if (!this.#hasNext(CLOSE_BRACE)) return undefined;
    const key = this.readString();
    this.#expect(COLON, "a colon");
    return key;
  }

  /** Consumes `[`; then call {@link nextItem} before each item. */
  openArray(): void {
    this.#expect(OPEN_BRACKET, "an array");
    this.#isFirst = true;
  }

  /** Whether an item follows, with the cursor on it; false after the array's end. */
  nextItem(): boolean {
    return this.#hasNext(CLOSE_BRACKET);
  }

  /** A string; anything else is refused. It may share memory with the whole text: copy what must outlive it. */
  readString(): string {
    this.#expect(QUOTE, "a string");
    const text = this.#text;
    const start = this.at;
    let seen = 0;
    for (let at = start; at < text.length; at += 1) {
      const byte = text.charCodeAt(at);
      if (byte === QUOTE) {
        this.at = at + 1;
        return seen < 0x80 ? text.slice(start, at) : this.bytes.toString("utf8", start, at);
      }
      if (byte === BACKSLASH) return this.#readEscaped(start);
      if (byte < 0x20) throw this.#malformed("an unfinished string", at);
      seen |= byte;
    }
    throw this.#malformed("an unfinished string", start);
  }

  /** A string, or "" for null or any other kind of value, which is skipped. */
  readStringOrSkip(): string {
    if (this.isString()) return this.readString();
    this.skipValue();
    return "";
  }

  /**
   * If a string of exactly sixteen lower-case hex digits follows, passes over it and leaves its halves in
   * {@link high} and {@link low}; otherwise stays and answers false.
   */
  readHex16(): boolean {
    if (this.#peek() !== QUOTE || this.#text.charCodeAt(this.at + 17) !== QUOTE) return false;
    const high = this.#hex8(this.at + 1);
    const low = this.#hex8(this.at + 9);
    if (high === -1 || low === -1) return false;
    this.high = high;
    this.low = low;
    this.at += 18;
    return true;
  }

  #hex8(start: number): number {
    let value = 0;
    for (let at = start; at < start + 8; at += 1) {
      const byte = this.#text.charCodeAt(at);
      const digit = isDigit(byte) ? byte - ZERO : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
      if (digit === -1) return -1;
      value = value * 16 + digit;
    }
    return value;
  }

  /** A number, also when written as a string (int64 in JSON); NaN for anything else, which is skipped. */
  readNumber(): number {
    if (this.isString()) return toNumber(this.readString());
    const start = this.#start();
    this.skipValue();
    return toNumber(this.#text.slice(start, this.at));
  }

  /**
   * Nanoseconds since 1970 as a number or a string of digits, floored to microseconds. Reads the digits itself: the
   * nineteen of a nanosecond clock do not fit a JavaScript number, without the last three they do.
   */
  readNanosAsMicros(): number {
    const isQuoted = this.#peek() === QUOTE;
    if (isQuoted) this.at += 1;
    const text = this.#text;
    const start = this.at;
    let end = start;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end === start || end - start > 19) throw this.#malformed("a time in nanoseconds", start);
    let micros = 0;
    for (let at = start; at < end - 3; at += 1) micros = micros * 10 + (text.charCodeAt(at) - ZERO);
    this.at = end;
    if (isQuoted) this.#expect(QUOTE, "the end of a time");
    return micros;
  }

  /** `true`, or the text "true". Any other value is skipped and false. */
  readTruth(): boolean {
    const start = this.#start();
    this.skipValue();
    const text = this.#text.slice(start, this.at);
    return text === "true" || text === '"true"';
  }

  /** Passes over one value of any kind and depth. */
  skipValue(): void {
    const first = this.#peek();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#skipNested();
    else this.#skipScalar();
    this.#isFirst = false;
  }

  /** Where the value the cursor stands on begins, and skips it. */
  skipRange(): { start: number; end: number } {
    const start = this.#start();
    this.skipValue();
    return { start, end: this.at };
  }

  #start(): number {
    this.#peek();
    return this.at;
  }

  /** Moves over white space; the byte there, or -1 at the end. */
  #peek(): number {
    const text = this.#text;
    let at = this.at;
    let byte = text.charCodeAt(at);
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at += 1;
      byte = text.charCodeAt(at);
    }
    this.at = at;
    return at < text.length ? byte : -1;
  }

  #expect(byte: number, what: string): void {
    if (this.#peek() !== byte) throw this.#malformed(what, this.at);
    this.at += 1;
  }

  #hasNext(close: number): boolean {
    const byte = this.#peek();
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (byte === close) {
      this.at += 1;
      return false;
    }
    if (isFirst) return true;
    if (byte !== COMMA) throw this.#malformed(close === CLOSE_BRACE ? "a comma or }" : "a comma or ]", this.at);
    this.at += 1;
    return true;
  }

  #readEscaped(start: number): string {
    this.at = start - 1;
    this.#skipString();
    try {
      return JSON.parse(this.bytes.toString("utf8", start - 1, this.at)) as string;
    } catch {
      throw this.#malformed("a string", start);
    }
  }

  #skipString(): void {
    const text = this.#text;
    let end = text.indexOf('"', this.at + 1);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) throw this.#malformed("an unfinished string", this.at);
    this.at = end + 1;
  }

  #skipNested(): void {
    const text = this.#text;
    const start = this.at;
    let depth = 0;
    while (this.at < text.length) {
      const byte = text.charCodeAt(this.at);
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      this.at += 1;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) return;
      }
    }
    throw this.#malformed("the end of what begins here", start);
  }

  /** Numbers, true, false, null: the letters, digits and signs they are made of. */
  #skipScalar(): void {
    const text = this.#text;
    const start = this.at;
    let at = start;
    while (isScalarByte(text.charCodeAt(at))) at += 1;
    if (at === start) throw this.#malformed("a value", start);
    this.at = at;
  }

  #malformed(expected: string, at: number): AppError {
    const found = at >= this.#text.length ? "the text ends" : `there is "${this.#text.slice(at, at + 12)}"`;
    return new AppError("invalid_input", `The JSON is not valid: byte ${at} should be ${expected}, but ${found}.`);
  }
}

/** Whether the quote at `at` has an odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isScalarByte(byte: number): boolean {
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
  return isLetter || isDigit(byte) || byte === 0x2d || byte === 0x2b || byte === 0x2e;
}

function toNumber(text: string): number {
  return text === "" || text === "null" ? Number.NaN : Number(text);
}
