import { log } from "@/server/log/log";
import type { Latency } from "../../domain/concurrency-level";
import { addLatency, emptyLatencies } from "../../domain/latency-histogram";

const TELL_MS = 2000;
const WRITE = "destination PUT";

/** How long the destination took to answer one worker's small writes, told to the others now and then. */
export class PutLatencies {
  readonly #add: (counts: readonly number[]) => Promise<void>;
  #counts = emptyLatencies();
  #isEmpty = true;
  #toldAtMs = 0;

  constructor(add: (counts: readonly number[]) => Promise<void>) {
    this.#add = add;
  }

  note({ kind, ms }: Latency): void {
    if (kind !== WRITE) return;
    addLatency(this.#counts, ms);
    this.#isEmpty = false;
  }

  /** To be called now and then. Counts that cannot be told are left out: they are for the chart alone. */
  async tick(nowMs: number): Promise<void> {
    if (this.#isEmpty || nowMs - this.#toldAtMs < TELL_MS) return;
    this.#toldAtMs = nowMs;
    const counts = this.#counts;
    this.#counts = emptyLatencies();
    this.#isEmpty = true;
    await this.#add(counts).catch((error: unknown) => log().warn({ err: error }, "latencies of writes not kept"));
  }
}
