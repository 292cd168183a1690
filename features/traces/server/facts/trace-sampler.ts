import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { ENOUGH_TO_TELL } from "@/features/traces/domain/service-view/call-list";
import { AppError, messageOf } from "@/lib/errors";
import { MS_PER_SECOND } from "@/lib/units";
import { pause } from "@/server/jobs/pause";
import { log } from "@/server/log/log";
import { withoutSpans } from "@/server/telemetry/without-spans";
import type { TraceLibrary } from "../trace-library";
import type { SearchPort } from "./ask-source";
import { findFirstSeen } from "./find-first-seen";
import { readSample } from "./read-sample";
import { chooseForSample, storeSample } from "./trace-sample-repository";
import { laterVersions, storeVersions } from "./version-repository";

type SamplerOptions = {
  library: TraceLibrary;
  source: SearchPort;
  sourceId: () => Promise<number>;
  now: () => number;
};

/** Whole traces read per pass. */
const PER_PASS = 30;
/** Passes go on while a service has fewer of its traces read than can be spoken of, at most so long. */
const MOST_ROUNDS = 20;
const LONGEST_PASS_MS = 10 * MS_PER_SECOND;
const REST_MS = 5 * MS_PER_SECOND;
/** After a pass that found nothing left to read; choosing looks at every trace of the window. */
const LONG_REST_MS = 20 * MS_PER_SECOND;
/** Newest versions whose first trace is looked for. */
const DATED_VERSIONS = 20;

/**
 * Reads some whole traces of a window for what summaries do not tell: attributes, calls between services, versions. One
 * pass at a time, a rest between passes, only while somebody asks.
 */
export class TraceSampler {
  readonly #options: SamplerOptions;
  #running: Promise<void> | undefined;
  #restMs = REST_MS;
  /** Versions whose start was looked for, with what was known then. */
  readonly #dated = new Set<string>();
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
        this.#restUntilMs = this.#options.now() + this.#restMs;
      });
    }
    const over = new AbortController();
    const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const waited = pause(waitMs, stop, { ref: false });
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
      await this.#readRounds(sourceId, window, signal);
      await this.#dateVersions(sourceId, signal);
    } catch (error) {
      if (!signal.aborted) log().warn({ reason: messageOf(error) }, "reading sample traces failed");
    }
  }

  async #readRounds(sourceId: number, window: Stretch, signal: AbortSignal): Promise<void> {
    const untilMs = this.#options.now() + LONGEST_PASS_MS;
    for (let round = 0; round < MOST_ROUNDS && this.#options.now() < untilMs; round += 1) {
      const { traceIds, fewest } = await chooseForSample(sourceId, window, PER_PASS);
      if (round === 0) this.#restMs = traceIds.length === 0 ? LONG_REST_MS : REST_MS;
      // The next ones can wait for the next pass when every service has enough to speak of.
      if (traceIds.length === 0 || (round > 0 && fewest > ENOUGH_TO_TELL)) return;
      for (const traceId of traceIds) await this.#sampleOne(sourceId, traceId, signal);
    }
  }

  /** When each new version began, as the source knows it: what was read of it is a sample, or begins with a window. */
  async #dateVersions(sourceId: number, signal: AbortSignal): Promise<void> {
    for (const seen of await laterVersions(sourceId, DATED_VERSIONS)) {
      const name = JSON.stringify([seen.service, seen.version, seen.firstUs]);
      if (signal.aborted || this.#dated.has(name)) continue;
      const firstUs = await findFirstSeen(this.#options.source, seen, signal);
      await storeVersions(undefined, sourceId, [{ ...seen, firstUs }]);
      this.#dated.add(name).add(JSON.stringify([seen.service, seen.version, firstUs]));
    }
  }

  /** Does nothing once the sampler is stopped. */
  async #sampleOne(sourceId: number, traceId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      const { trace } = await this.#options.library.open(traceId, signal);
      await storeSample(sourceId, readSample(trace));
    } catch (error) {
      // The source may have dropped the trace since its summary was read.
      if (!(error instanceof AppError && error.code === "not_found")) throw error;
    }
  }
}
