const FIRST_BYTES = 64 * 1024;

/** Bytes as they arrive, in one piece. Holding the pieces and joining them at the end takes twice the memory. */
export class GrowingBuffer {
  length = 0;
  #bytes: Buffer;

  /** `expectedBytes`: what the sender announced; a wrong number costs a copy, nothing else. */
  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, expectedBytes));
  }

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.length);
    this.length = needed;
  }

  giveUp(): void {}

  /** Everything so far. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}
