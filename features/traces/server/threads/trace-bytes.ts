import type { TraceSummary } from "@/features/traces/contract";
import { decodeTraces } from "../decoding/decode-traces";
import { GrowingBuffer } from "../jaeger/growing-buffer";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { summarise } from "../summarise";
import type { ByteSink } from "./arriving-bytes";
import { type Decoding, traceThreads } from "./trace-threads";

/** Up to here a document is decoded where it is asked for: a thread would take longer to be told. */
const SMALL_BYTES = 1024 * 1024;
/** How much arrives between two words to the thread. */
const TELL_EVERY_BYTES = 1024 * 1024;
const PAGE_BYTES = 64 * 1024;

export type FileSummary = { spanCount: number; summaries: TraceSummary[] };
type Wanted = { kind: "open"; traceId: string; nowMs: () => number } | { kind: "summaries" };
type Result<W extends Wanted> = W extends { kind: "open" } ? OpenTrace : FileSummary;

/**
 * The text of traces on its way in, decoded while it arrives: small ones here, big ones in a thread that sees the same
 * memory. Holds at most `maxBytes`; who appends more than that must refuse before.
 */
export class TraceBytes<W extends Wanted> implements ByteSink {
  length = 0;
  readonly #wanted: W;
  readonly #maxBytes: number;
  #small: GrowingBuffer | undefined = new GrowingBuffer(0);
  #memory: SharedArrayBuffer | undefined;
  #decoding: Decoding<Result<W>> | undefined;
  #toldLength = 0;

  constructor(wanted: W, { maxBytes }: { maxBytes: number }) {
    this.#wanted = wanted;
    this.#maxBytes = maxBytes;
  }

  append(chunk: Buffer): void {
    if (this.#small !== undefined && this.length + chunk.length > SMALL_BYTES && this.#startThread()) {
      const head = this.#small.bytes();
      this.#small = undefined;
      this.length = 0;
      this.append(head);
    }
    if (this.#small !== undefined) this.#small.append(chunk);
    else this.#appendShared(chunk);
    this.length = this.#small === undefined ? this.length + chunk.length : this.#small.length;
  }

  /** What has come so far. */
  bytes(): Buffer {
    if (this.#small !== undefined) return this.#small.bytes();
    return Buffer.from(this.#memory ?? new SharedArrayBuffer(0), 0, this.length);
  }

  /** All has come: what it holds. Rejects with `invalid_input`, `payload_too_large` and the abort of `signal`. */
  async decoded(signal?: AbortSignal): Promise<Result<W>> {
    if (this.#decoding === undefined) return this.#decodeHere(signal);
    this.#decoding.grow(this.length, true);
    const stop = () => this.giveUp();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.#decoding.result;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Nothing more will come, and nobody waits. */
  giveUp(): void {
    this.#decoding?.giveUp();
  }

  async #decodeHere(signal?: AbortSignal): Promise<Result<W>> {
    const document = await decodeTraces(this.bytes(), signal);
    // Building takes as long as a turn of decoding: others go first.
    await new Promise((resolve) => setImmediate(resolve));
    const wanted: Wanted = this.#wanted;
    const result =
      wanted.kind === "open"
        ? toOpenTrace(document, wanted.traceId, wanted.nowMs())
        : { spanCount: document.spanCount, summaries: summarise(document) };
    return result as Result<W>;
  }

  /** Whether there is a thread; without threads everything is decoded here, in turns. */
  #startThread(): boolean {
    const threads = traceThreads();
    if (threads === undefined) return false;
    this.#memory = new SharedArrayBuffer(0, { maxByteLength: this.#maxBytes + PAGE_BYTES });
    const wanted: Wanted = this.#wanted;
    const decoding =
      wanted.kind === "open"
        ? threads.open(this.#memory, { traceId: wanted.traceId, nowMs: wanted.nowMs() })
        : threads.summarise(this.#memory);
    this.#decoding = decoding as Decoding<Result<W>>;
    return true;
  }

  #appendShared(chunk: Buffer): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    const end = this.length + chunk.length;
    if (end > memory.byteLength) memory.grow(Math.min(this.#maxBytes + PAGE_BYTES, end + 4 * TELL_EVERY_BYTES));
    chunk.copy(Buffer.from(memory, this.length, chunk.length));
    if (end - this.#toldLength < TELL_EVERY_BYTES) return;
    this.#toldLength = end;
    this.#decoding?.grow(end, false);
  }
}
