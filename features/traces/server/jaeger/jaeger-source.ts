import type { DownloadFormat, Operation, TraceSourceInfo, TraceSourceStatus } from "@/features/traces/contract";
import { AppError, messageOf } from "@/lib/errors";
import { MS_PER_MINUTE, MS_PER_SECOND } from "@/lib/units";
import { JaegerLegacyClient } from "../jaeger-legacy/client";
import { JaegerV3Client } from "../jaeger-v3/client";
import type { SourceAnswer, SourceSearch, TraceReading, TraceSource, TraceText } from "../trace-source";
import { type JaegerHealth, JaegerHttp, type JaegerHttpOptions } from "./jaeger-http";
import { isJson } from "./jaeger-reply";
import { type JaegerCapabilities, probeJaeger } from "./probe";

/** A Jaeger is upgraded rarely; an answer of the wrong kind makes us look again at once. */
const PROBE_FOR_MS = 5 * MS_PER_MINUTE;
const CHECK_EVERY_MS = 10 * MS_PER_SECOND;
/** One that is down is looked at more often: readers wait for it, and what they are told of it should not be old. */
const CHECK_DOWN_EVERY_MS = 2 * MS_PER_SECOND;

type Probed = { capabilities: JaegerCapabilities; atMs: number };

/**
 * One Jaeger of any generation as a {@link TraceSource}: finds out by looking at answers, never at version texts, what
 * this one can do, and speaks API v3 where possible.
 */
export class JaegerSource implements TraceSource {
  readonly #http: JaegerHttp;
  readonly #v3: JaegerV3Client;
  readonly #legacy: JaegerLegacyClient;
  readonly #now: () => number;
  #probed: Promise<Probed> | undefined;
  #known: JaegerCapabilities | undefined;
  #metrics: { isThere: boolean; atMs: number } | undefined;
  #searchWithoutService = true;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #latencyMs: number | undefined;

  constructor(options: JaegerHttpOptions) {
    this.#http = new JaegerHttp(options);
    this.#v3 = new JaegerV3Client(this.#http);
    this.#legacy = new JaegerLegacyClient(this.#http);
    this.#now = options.now ?? Date.now;
  }

  /** Who answers, at the start of a sentence. */
  get called(): string {
    return this.#http.called;
  }

  async searchTraces(search: SourceSearch, signal?: AbortSignal): Promise<SourceAnswer> {
    const { summaries } = await this.#capabilities(signal);
    return this.#watched(async () => {
      if (summaries) return this.#v3.searchTraces(search, signal);
      const services = search.service === undefined ? await this.listServices(signal) : [];
      return this.#legacy.searchTraces(search, services, signal);
    });
  }

  async readTrace(traceId: string, signal?: AbortSignal, reading?: TraceReading): Promise<TraceText> {
    const { v3Reads } = await this.#capabilities(signal);
    return this.#watched(() => (v3Reads ? this.#v3 : this.#legacy).readTrace(traceId, signal, reading));
  }

  async readTraceAs(
    traceId: string,
    format: DownloadFormat,
    signal?: AbortSignal,
    reading?: TraceReading,
  ): Promise<Buffer | undefined> {
    const { v3Reads } = await this.#capabilities(signal);
    if (format === "otlp" && !v3Reads) return undefined;
    const { bytes } = await (format === "otlp" ? this.#v3 : this.#legacy).readTrace(traceId, signal, reading);
    return bytes;
  }

  async listServices(signal?: AbortSignal): Promise<string[]> {
    const { v3Reads } = await this.#capabilities(signal);
    return this.#watched(() => (v3Reads ? this.#v3 : this.#legacy).listServices(signal));
  }

  async listOperations(service: string, signal?: AbortSignal): Promise<Operation[]> {
    const { v3Reads } = await this.#capabilities(signal);
    return this.#watched(() => (v3Reads ? this.#v3 : this.#legacy).listOperations(service, signal));
  }

  /** The line under every answer: who gave it, how, how fast. */
  info({ latencyMs, fetchedAtMs }: { latencyMs: number; fetchedAtMs: number }): TraceSourceInfo {
    const summaries = this.#known?.summaries ?? true;
    return {
      kind: summaries ? "v3" : "legacy",
      host: this.#http.host,
      latencyMs: Math.round(latencyMs),
      fetchedAt: new Date(fetchedAtMs).toISOString(),
      capabilities: { summaries, searchWithoutService: this.#searchWithoutService },
    };
  }

  /** A question of its older API that both generations answer alike; any HTTP status resolves. */
  ask(path: "/api/dependencies" | `/api/metrics/${string}`, params: URLSearchParams, signal?: AbortSignal) {
    return this.#http.get(path, params, signal);
  }

  /** Whether there is a metrics store behind it, which answers 501 without one. Asked again after five minutes. */
  async hasMetrics(signal?: AbortSignal): Promise<boolean> {
    if (this.#metrics === undefined || this.#now() - this.#metrics.atMs > PROBE_FOR_MS) {
      const params = new URLSearchParams({ service: "none", lookback: "60000", step: "60000", ratePer: "60000" });
      const reply = await this.ask("/api/metrics/calls", params, signal);
      this.#metrics = { isThere: reply.status === 200 && isJson(reply), atMs: this.#now() };
    }
    return this.#metrics.isThere;
  }

  /** What the calls so far say of it. */
  health(): JaegerHealth {
    return this.#http.health();
  }

  /** Looks at most once in ten seconds, in two while it is down; never rejects, except with the abort of `signal`. */
  async status(signal?: AbortSignal): Promise<Omit<TraceSourceStatus, "isEmbedded">> {
    const everyMs = this.#http.health().downSince === undefined ? CHECK_EVERY_MS : CHECK_DOWN_EVERY_MS;
    if (this.#now() - this.#checkedAt >= everyMs) await this.#check(signal);
    const { lastGoodAt, downSince, reason } = this.#http.health();
    return {
      state: downSince === undefined ? "up" : "down",
      host: this.#http.host,
      kind: this.#known === undefined ? null : this.#known.summaries ? "v3" : "legacy",
      latencyMs: this.#latencyMs ?? null,
      lastGoodAt: lastGoodAt === undefined ? null : new Date(lastGoodAt).toISOString(),
      downSince: downSince === undefined ? null : new Date(downSince).toISOString(),
      reason: reason ?? null,
    };
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #check(signal?: AbortSignal): Promise<void> {
    this.#checkedAt = this.#now();
    const startedAt = this.#now();
    try {
      await this.listServices(signal);
      this.#latencyMs = Math.round(this.#now() - startedAt);
    } catch (error) {
      signal?.throwIfAborted();
      this.#http.noteTrouble(messageOf(error));
    }
  }

  async #capabilities(signal?: AbortSignal): Promise<JaegerCapabilities> {
    // A probe that failed is no answer: the next one is asked, and its failure is the caller's.
    const current = await this.#probed?.catch(() => undefined);
    if (current === undefined || this.#now() - current.atMs > PROBE_FOR_MS) {
      this.#probed = this.#probe();
      // Who asked for it may give up first: then its failure is nobody's.
      this.#probed.catch(() => {});
    }
    signal?.throwIfAborted();
    const { capabilities } = await (this.#probed ?? this.#probe());
    signal?.throwIfAborted();
    return capabilities;
  }

  /** Shared by all who wait for it, so it takes no caller's signal. */
  async #probe(): Promise<Probed> {
    const capabilities = await probeJaeger(this.#http, this.#now());
    this.#known = capabilities;
    return { capabilities, atMs: this.#now() };
  }

  /** An answer of the wrong kind may mean that another Jaeger answers now: look again before the next question. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.#http.noteRightAnswer();
      return answer;
    } catch (error) {
      if (error instanceof AppError && error.code === "upstream_invalid") {
        this.#probed = undefined;
        this.#http.noteWrongAnswer(error.message);
      }
      if (error instanceof AppError && error.problems.some(({ field }) => field === "service")) {
        this.#searchWithoutService = false;
      }
      throw error;
    }
  }
}
