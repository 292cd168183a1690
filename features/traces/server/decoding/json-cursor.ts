import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isDigit,
  isEscaped,
  isScalarByte,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  toNumber,
  ZERO,
} from "./json-bytes";
import { JsonText } from "./json-text";

/**
 * Walks JSON bytes without building objects: a trace of 100,000 spans is 56 MB of JSON, of which a page needs 2 MB.
 * What is read is checked; what is skipped is checked for balance and for strings that end. Nothing recurses, so depth
 * costs nothing. Throws `invalid_input` naming the byte where the text stops making sense.
 */
export class JsonCursor extends JsonText {
  /** Halves of the last id {@link readHex16} read. */
  high = 0;
  low = 0;

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
    this.isFirst = true;
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
    this.isFirst = true;
  }

  /** Whether an item follows, with the cursor on it; false after the array's end. */
  nextItem(): boolean {
    return this.#hasNext(CLOSE_BRACKET);
  }

  /** A string; anything else is refused. It may share memory with the whole text: copy what must outlive it. */
  readString(): string {
    this.#expect(QUOTE, "a string");
    const text = this.text;
    const start = this.place;
    let seen = 0;
    for (let at = start; at < text.length; at += 1) {
      const byte = text.charCodeAt(at);
      if (byte === QUOTE) {
        this.place = at + 1;
        return seen < 0x80 ? text.slice(start, at) : this.held.toString("utf8", this.base + start, this.base + at);
      }
      if (byte === BACKSLASH) return this.#readEscaped(start);
      if (byte < 0x20) throw this.malformed("an unfinished string", at);
      seen |= byte;
    }
    throw this.cutOff("an unfinished string", start);
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
    if (this.#peek() !== QUOTE || this.text.charCodeAt(this.place + 17) !== QUOTE) return false;
    const high = this.#hex8(this.place + 1);
    const low = this.#hex8(this.place + 9);
    if (high === -1 || low === -1) return false;
    this.high = high;
    this.low = low;
    this.place += 18;
    return true;
  }

  #hex8(start: number): number {
    let value = 0;
    for (let at = start; at < start + 8; at += 1) {
      const byte = this.text.charCodeAt(at);
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
    return toNumber(this.text.slice(start, this.place));
  }

  /**
   * Nanoseconds since 1970 as a number or a string of digits, floored to microseconds. Reads the digits itself: the
   * nineteen of a nanosecond clock do not fit a JavaScript number, without the last three they do.
   */
  readNanosAsMicros(): number {
    const isQuoted = this.#peek() === QUOTE;
    if (isQuoted) this.place += 1;
    const text = this.text;
    const start = this.place;
    let end = start;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end === text.length && !this.isLast) throw this.cutOff("a time in nanoseconds", start);
    if (end === start || end - start > 19) throw this.malformed("a time in nanoseconds", start);
    let micros = 0;
    for (let at = start; at < end - 3; at += 1) micros = micros * 10 + (text.charCodeAt(at) - ZERO);
    this.place = end;
    if (isQuoted) this.#expect(QUOTE, "the end of a time");
    return micros;
  }

  /** `true`, or the text "true". Any other value is skipped and false. */
  readTruth(): boolean {
    const start = this.#start();
    this.skipValue();
    const text = this.text.slice(start, this.place);
    return text === "true" || text === '"true"';
  }

  /** Passes over one value of any kind and depth. */
  skipValue(): void {
    const first = this.#peek();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#skipNested();
    else this.#skipScalar();
    this.isFirst = false;
  }

  /** Where the value the cursor stands on begins, and skips it. */
  skipRange(): { start: number; end: number } {
    const start = this.base + this.#start();
    this.skipValue();
    return { start, end: this.at };
  }

  #start(): number {
    this.#peek();
    return this.place;
  }

  /** Moves over white space; the byte there, or -1 at the end. */
  #peek(): number {
    const text = this.text;
    let at = this.place;
    let byte = text.charCodeAt(at);
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at += 1;
      byte = text.charCodeAt(at);
    }
    this.place = at;
    if (at < text.length) return byte;
    if (!this.isLast) throw this.cutOff("something", at);
    return -1;
  }

  #expect(byte: number, what: string): void {
    if (this.#peek() !== byte) throw this.malformed(what, this.place);
    this.place += 1;
  }

  #hasNext(close: number): boolean {
    const byte = this.#peek();
    const isFirst = this.isFirst;
    this.isFirst = false;
    if (byte === close) {
      this.place += 1;
      return false;
    }
    if (isFirst) return true;
    if (byte !== COMMA) throw this.malformed(close === CLOSE_BRACE ? "a comma or }" : "a comma or ]", this.place);
    this.place += 1;
    return true;
  }

  #readEscaped(start: number): string {
    this.place = start - 1;
    this.#skipString();
    try {
      return JSON.parse(this.held.toString("utf8", this.base + start - 1, this.at)) as string;
    } catch {
      throw this.malformed("a string", start);
    }
  }

  #skipString(): void {
    const text = this.text;
    let end = text.indexOf('"', this.place + 1);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) throw this.cutOff("an unfinished string", this.place);
    this.place = end + 1;
  }

  #skipNested(): void {
    const text = this.text;
    const start = this.place;
    let depth = 0;
    while (this.place < text.length) {
      const byte = text.charCodeAt(this.place);
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      this.place += 1;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) return;
      }
    }
    throw this.cutOff("the end of what begins here", start);
  }

  /** Numbers, true, false, null: the letters, digits and signs they are made of. */
  #skipScalar(): void {
    const text = this.text;
    const start = this.place;
    let at = start;
    while (isScalarByte(text.charCodeAt(at))) at += 1;
    if (at === start) throw this.malformed("a value", start);
    // A number that touches the end may go on behind it.
    if (at === text.length && !this.isLast) throw this.cutOff("a value", start);
    this.place = at;
  }
}
