import { setMaxListeners } from "node:events";
import type PQueue from "p-queue";
import { emptyCounters, move } from "../../domain/counters";
import { backoffMs } from "../../domain/retry";
import type { ChunkWork } from "../../domain/work";
import {
  type ChunkLease,
  type ChunkObject,
  flushResults,
  listOpenObjects,
  type ObjectResult,
  releaseChunk,
  renewLease,
} from "./chunk-repository";
import type { EngineSettings } from "./engine-settings";

/** How a visit knows that the chunk is still its own. */
export type ChunkHold = {
  /** Aborted once the chunk is known to be lost, or to be left. */
  signal: AbortSignal;
  /** Asks the database, for what a fence cannot shut out: work at the destination. Aborts `signal` when it is lost. */
  isMine: () => Promise<boolean>;
};

export type ChunkRunOptions = {
  lease: ChunkLease;
  work: ChunkWork;
  /** Shared by all chunks of a migration in this worker: its concurrency is the limit of objects in flight. */
  queue: PQueue;
  settings: EngineSettings;
  /** Gives `undefined` when aborted. */
  visit: (object: ChunkObject, hold: ChunkHold) => Promise<ObjectResult | undefined>;
  /** Retries and throttled time since the last call, for the chunk's own counters. */
  takeStats: () => { retries: number; throttledMs: number };
};

/**
 * One visit of one chunk under one fence. Results are written in batches; a refused write means the lease is lost, and
 * then this run stops at once and writes nothing more, not even its release.
 */
export class ChunkRun {
  readonly lease: ChunkLease;
  readonly #options: ChunkRunOptions;
  readonly #abort = new AbortController();
  #isDraining = false;
  #isLost = false;
  #results: ObjectResult[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: ChunkRunOptions) {
    this.lease = options.lease;
    this.#options = options;
    // Every request in flight listens on it: as many as the limit of concurrency, which is no leak.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Starts no further object; those in flight finish. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Breaks off what is in flight as well. What was written stays; the rest is simply still to do. */
  abort(): void {
    this.#isDraining = true;
    this.#abort.abort();
  }

  /** Settles when the chunk is given back, or lost. Throws what the database threw. */
  async run(): Promise<void> {
    const { lease, work, settings, queue } = this.#options;
    const flushTimer = setInterval(() => this.#startFlush(), settings.flushMs);
    const renewTimer = setInterval(() => void this.#renew(), settings.renewMs);
    try {
      const objects = await listOpenObjects(lease, work);
      await Promise.all(objects.map((object) => queue.add(() => this.#visit(object))));
      this.#startFlush();
      await this.#flushing;
    } catch (error) {
      this.abort();
      throw error;
    } finally {
      clearInterval(flushTimer);
      clearInterval(renewTimer);
    }
    if (!this.#isLost) await releaseChunk(lease, this.#retryAfterMs());
  }

  #retryAfterMs(): number | undefined {
    return this.#waiting === 0 || this.#isDraining ? undefined : 200 + backoffMs(4, Math.random());
  }

  async #visit(object: ChunkObject): Promise<void> {
    if (this.#isDraining) return;
    const hold = { signal: this.#abort.signal, isMine: () => this.#isMine() };
    const result = await this.#options.visit(object, hold);
    if (result === undefined) return;
    if (result.state === "retry_wait" || result.state === object.state) this.#waiting += 1;
    this.#results.push(result);
    if (this.#results.length >= this.#options.settings.flushObjects) this.#startFlush();
  }

  /** One flush at a time, in order; a failed one fails the run. */
  #startFlush(): void {
    const next = this.#flushing.then(() => this.#flush());
    this.#flushing = next;
    // Seen by run(), which awaits the last flush; without this a failure between flushes would end the process.
    next.catch(() => this.abort());
  }

  async #flush(): Promise<void> {
    const results = this.#results;
    if (results.length === 0 || this.#isLost) return;
    this.#results = [];
    const delta = emptyCounters();
    for (const { object, ...to } of results) move(delta, object, to);
    const { lease, settings, queue, takeStats } = this.#options;
    const stats = { ...takeStats(), concurrency: queue.concurrency };
    const isMine = await flushResults({ lease, leaseMs: settings.leaseMs, results, delta, ...stats });
    if (!isMine) this.#lose();
  }

  /** A database that does not answer takes the lease from nobody: the fence decides later. */
  async #renew(): Promise<void> {
    await this.#isMine().catch(() => true);
  }

  async #isMine(): Promise<boolean> {
    const { settings, queue } = this.#options;
    const isMine = await renewLease(this.lease, settings.leaseMs, queue.concurrency);
    if (!isMine) this.#lose();
    return isMine;
  }

  #lose(): void {
    this.#isLost = true;
    this.abort();
  }
}
