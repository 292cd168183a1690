import { AppError } from "@/lib/errors";

/** Text held at a time of a document that is still arriving, and what must lie ahead before a value is tried. */
const SIZES = { windowBytes: 8 * 1024 * 1024, aheadBytes: 64 * 1024 };
export type ReadSizes = typeof SIZES;

/** Bytes that may still be arriving. */
export type ByteSource = {
  /** All that are there now. */
  bytes(): Buffer;
  /** No more will come. */
  readonly isWhole: boolean;
};

/**
 * JSON bytes as text, with a place in it. Bytes that are still arriving are read with {@link attempt}, which holds a
 * window of them as text; of a `Buffer` all is there from the start.
 */
export class JsonText {
  /** The last {@link attempt} failed for bytes that have not arrived. */
  isStarved = false;
  readonly #source: ByteSource;
  protected held: Buffer;
  /**
   * The bytes as one character each: slices of one string cost a tenth of as many `Buffer.toString` calls, which were
   * two thirds of the whole decoding.
   */
  protected text = "";
  /** Where the text begins in the bytes, and the cursor in the text. */
  protected base = 0;
  protected place = 0;
  /** Nothing comes after the text. */
  protected isLast = false;
  #hasRunOut = false;
  readonly #sizes: ReadSizes;
  #aheadBytes: number;
  protected isFirst = false;

  constructor(source: Buffer | ByteSource, sizes: ReadSizes = SIZES) {
    this.#sizes = sizes;
    this.#aheadBytes = sizes.aheadBytes;
    const isThere = Buffer.isBuffer(source);
    this.#source = isThere ? { bytes: () => source, isWhole: true } : source;
    this.held = this.#source.bytes();
    this.#readOn(isThere ? source.length : sizes.windowBytes);
  }

  /** Everything that is there by now. */
  get bytes(): Buffer {
    return this.held;
  }

  /** The byte the cursor stands on. May be set back within one {@link attempt}. */
  get at(): number {
    return this.base + this.place;
  }

  set at(byte: number) {
    this.place = byte - this.base;
  }

  /**
   * Runs `read` if what it reads is there. False when more must arrive first, with the cursor where it was; whatever
   * `read` has done by then must not matter.
   */
  attempt(read: () => void): boolean {
    this.isStarved = false;
    if (!this.isLast && this.text.length - this.place < this.#aheadBytes) {
      this.#readOn(Math.max(this.#sizes.windowBytes, 2 * this.#aheadBytes));
      this.isStarved = !this.isLast && this.text.length - this.place < this.#aheadBytes;
      if (this.isStarved) return false;
    }
    const { at } = this;
    const isFirst = this.isFirst;
    this.#hasRunOut = false;
    try {
      read();
    } catch (error) {
      if (!this.#hasRunOut || this.isLast) throw error;
      this.at = at;
      this.isFirst = isFirst;
      this.#aheadBytes *= 2;
      return false;
    }
    this.#aheadBytes = this.#sizes.aheadBytes;
    return true;
  }

  /** Takes the text that begins at the cursor. */
  #readOn(lengthBytes: number): void {
    const { isWhole } = this.#source;
    this.held = this.#source.bytes();
    this.base = this.at;
    this.place = 0;
    const end = Math.min(this.held.length, this.base + lengthBytes);
    this.text = this.held.toString("latin1", this.base, end);
    this.isLast = isWhole && end === this.held.length;
  }

  /** Something began and did not end before the text did. */
  protected cutOff(expected: string, at: number): AppError {
    const error = this.malformed(expected, at);
    this.#hasRunOut = true;
    return error;
  }

  protected malformed(expected: string, at: number): AppError {
    const isAtEnd = at >= this.text.length;
    this.#hasRunOut = isAtEnd;
    const found = isAtEnd ? "the text ends" : `there is "${this.text.slice(at, at + 12)}"`;
    const byte = this.base + at;
    return new AppError("invalid_input", `The JSON is not valid: byte ${byte} should be ${expected}, but ${found}.`);
  }
}
