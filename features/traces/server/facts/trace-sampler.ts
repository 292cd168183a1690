import { setTimeout as delay } from "node:timers/promises";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError, messageOf } from "@/lib/errors";
import { MS_PER_SECOND } from "@/lib/units";
import { log } from "@/server/log/log";
import { withoutSpans } from "@/server/telemetry/without-spans";
import type { TraceLibrary } from "../trace-library";
import { readSample } from "./read-sample";
import { chooseForSample, countSampled, storeSample } from "./trace-sample-repository";

type SamplerOptions = { library: TraceLibrary; sourceId: () => Promise<number>; now: () => number };

/** Whole traces read per pass, and enough for one window. */
const PER_PASS = 30;
const ENOUGH = 150;
const REST_MS = 5 * MS_PER_SECOND;

/**
 * Reads some whole traces of a window for what summaries do not tell: attributes, calls between services, versions. One
 * pass at a time, a rest between passes, only while somebody asks.
 */
export class TraceSampler {
  readonly #options: SamplerOptions;
  #running: Promise<void> | undefined;
  #restUntilMs = 0;
  #stopped = new AbortController();

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** Starts a pass over the window unless one is under way; waits for it at most `waitMs`. */
  async sample(
    window: Stretch,
    { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined },
  ): Promise<void> {
    if (this.#running === undefined && this.#options.now() >= this.#restUntilMs) {
      this.#running = withoutSpans(() => this.#pass(window)).finally(() => {
        this.#running = undefined;
        this.#restUntilMs = this.#options.now() + REST_MS;
      });
    }
    const over = new AbortController();
    const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const waited = delay(waitMs, undefined, { signal: stop, ref: false }).catch(() => {});
    await Promise.race([this.#running, waited]);
    over.abort();
    signal?.throwIfAborted();
  }

  /** Ends a pass under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    this.#stopped = new AbortController();
  }

  /** Never rejects: samples are a help, and what failed is tried again with the next pass. */
  async #pass(window: Stretch): Promise<void> {
    const { signal } = this.#stopped;
    try {
      const sourceId = await this.#options.sourceId();
      if ((await countSampled(sourceId, window)) >= ENOUGH) return;
      for (const traceId of await chooseForSample(sourceId, window, PER_PASS)) {
        if (signal.aborted) return;
        await this.#sampleOne(sourceId, traceId, signal);
      }
    } catch (error) {
      if (!signal.aborted) log().warn({ reason: messageOf(error) }, "reading sample traces failed");
    }
  }

  async #sampleOne(sourceId: number, traceId: string, signal: AbortSignal): Promise<void> {
    try {
      const { trace } = await this.#options.library.open(traceId, signal);
      await storeSample(sourceId, readSample(trace));
    } catch (error) {
      // The source may have dropped the trace since its summary was read.
      if (!(error instanceof AppError && error.code === "not_found")) throw error;
    }
  }
}
