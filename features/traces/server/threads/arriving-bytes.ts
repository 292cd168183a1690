import type { ByteSource } from "../decoding/json-text";

/** Where bytes go as they arrive from outside. */
export type ByteSink = {
  readonly length: number;
  append(chunk: Buffer): void;
  bytes(): Buffer;
  /** Nothing more will come, and nobody waits. */
  giveUp(): void;
};

/** Bytes that another thread fills while this one decodes them. */
export class ArrivingBytes implements ByteSource {
  isWhole = false;
  #length = 0;
  readonly #memory: SharedArrayBuffer;
  #wake: () => void = () => {};
  #failure: unknown;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory;
  }

  bytes(): Buffer {
    return Buffer.from(this.#memory, 0, this.#length);
  }

  /** Told by the thread that fills the memory. */
  grow(length: number, isWhole: boolean): void {
    this.#length = length;
    this.isWhole = isWhole;
    this.#wake();
  }

  /** Nobody waits for the result any more. */
  giveUp(reason: unknown): void {
    this.#failure = reason;
    this.#wake();
  }

  /** Resolves when there are more bytes or all of them; rejects once given up. */
  async more(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#failure !== undefined) resolve();
    });
    if (this.#failure !== undefined) throw this.#failure;
  }
}
