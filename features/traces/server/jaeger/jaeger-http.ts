import { createGunzip } from "node:zlib";
import { SpanKind } from "@opentelemetry/api";
import PQueue from "p-queue";
import { Agent, type Dispatcher, request } from "undici";
import { admit, type BreakerState, CLOSED, fail, giveUp, succeed } from "@/features/traces/domain/circuit-breaker";
import { AppError } from "@/lib/errors";
import { OWN_FIELDS_HEADER } from "@/lib/own-fields";
import { MS_PER_SECOND } from "@/lib/units";
import { withSpan } from "@/server/telemetry/with-span";
import type { ByteSink } from "../threads/arriving-bytes";
import { GrowingBuffer } from "./growing-buffer";
import { failureText, type JaegerReply } from "./jaeger-reply";
import { isCutConnection, toTransportError } from "./transport-error";

export type JaegerHttpOptions = {
  /** Base URL, base path included; credentials in it become an Authorization header. */
  url: string;
  headers?: Record<string, string> | undefined;
  /** Who answers there, at the start of a sentence; "Jaeger at host:port" unless told. */
  called?: string | undefined;
  now?: () => number;
  limits?: Partial<JaegerLimits>;
};

export type JaegerLimits = {
  connectTimeoutMs: number;
  totalTimeoutMs: number;
  maxBytes: number;
  maxInFlight: number;
  maxFailures: number;
  openForMs: number;
};

/** What one question may have beyond the usual. */
export type JaegerGetOptions = {
  maxBytes?: number;
  /** What to say of an answer that is larger. */
  tooLarge?: (sizeBytes: number | undefined) => string;
  totalTimeoutMs?: number;
  /** Takes a good answer's bytes as they come. */
  into?: ByteSink | undefined;
};

const LIMITS: JaegerLimits = {
  connectTimeoutMs: 2 * MS_PER_SECOND,
  totalTimeoutMs: 10 * MS_PER_SECOND,
  maxBytes: 64 * 1024 * 1024,
  maxInFlight: 8,
  maxFailures: 5,
  openForMs: 10 * MS_PER_SECOND,
};

export type JaegerHealth = {
  lastGoodAt: number | undefined;
  downSince: number | undefined;
  reason: string | undefined;
};

/**
 * GET requests to one Jaeger and nothing else: bounded in time, bytes and number, never redirected, cancelled with the
 * caller, refused while Jaeger is known to be down. Rejects with `upstream_*` errors; any HTTP status resolves.
 */
export class JaegerHttp {
  readonly host: string;
  readonly called: string;
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #limits: JaegerLimits;
  readonly #now: () => number;
  readonly #agent: Agent;
  readonly #queue: PQueue;
  #breaker: BreakerState = CLOSED;
  #wrongAnswerCount = 0;
  #lastGoodAt: number | undefined;
  #downSince: number | undefined;
  #reason: string | undefined;

  constructor({ url, headers = {}, called, now = Date.now, limits = {} }: JaegerHttpOptions) {
    const parsed = new URL(url);
    this.host = `${parsed.host}${parsed.pathname.replace(/\/+$/, "")}`;
    this.called = called ?? `Jaeger at ${this.host}`;
    this.#base = `${parsed.protocol}//${this.host}`;
    this.#headers = { ...credentialsOf(parsed), ...headers };
    this.#limits = { ...LIMITS, ...limits };
    this.#now = now;
    this.#agent = new Agent({
      connect: { timeout: this.#limits.connectTimeoutMs },
      connections: this.#limits.maxInFlight,
    });
    this.#queue = new PQueue({ concurrency: this.#limits.maxInFlight });
  }

  /** What the calls so far say about Jaeger. */
  health(): JaegerHealth {
    return { lastGoodAt: this.#lastGoodAt, downSince: this.#downSince, reason: this.#reason };
  }

  /** `path` starts with a slash and is spelt by us; what users typed goes into `params`. */
  async get(
    path: string,
    params: URLSearchParams,
    signal?: AbortSignal,
    options: JaegerGetOptions = {},
  ): Promise<JaegerReply> {
    signal?.throwIfAborted();
    const ask = { path, params, signal, ...options };
    return this.#queue.add(() => this.#guarded(ask), signal === undefined ? {} : { signal });
  }

  /** An answer came, but it was not one: Jaeger counts as down until a good one. */
  noteTrouble(reason: string): void {
    this.#downSince ??= this.#now();
    // While Jaeger is not asked, what comes here is our own refusal, which says the same.
    if (this.#breaker.name === "open" && this.#reason !== undefined) return;
    this.#reason = reason;
  }

  /** An answer came whole and with a good status, but made no sense: as many in a row as failures end the asking. */
  noteWrongAnswer(reason: string): void {
    this.noteTrouble(reason);
    this.#wrongAnswerCount += 1;
    const { maxFailures, openForMs } = this.#limits;
    if (this.#wrongAnswerCount >= maxFailures) this.#breaker = { name: "open", retryAtMs: this.#now() + openForMs };
  }

  /** The answer made sense. */
  noteRightAnswer(): void {
    this.#wrongAnswerCount = 0;
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #guarded(ask: Ask): Promise<JaegerReply> {
    const { path, signal } = ask;
    const { isAdmitted, state } = admit(this.#breaker, this.#now());
    if (!isAdmitted) throw this.#refusal();
    this.#breaker = state;
    try {
      const reply = await withSpan(
        "jaeger.get",
        { kind: SpanKind.CLIENT, attributes: { "server.address": this.host, "url.path": path } },
        async (span) => {
          const answer = await this.#request(ask);
          span.setAttributes({
            "http.response.status_code": answer.status,
            "http.response.body.size": answer.body.length,
          });
          return answer;
        },
      );
      // 501 is an answer: this Jaeger has no metrics store.
      if (reply.status >= 500 && reply.status !== 501) this.#noteFailure(failureText(reply));
      else this.#noteSuccess();
      return reply;
    } catch (error) {
      if (signal?.aborted) this.#breaker = giveUp(this.#breaker, this.#now());
      else this.#noteFailure(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async #request(ask: Ask): Promise<JaegerReply> {
    const { path, params, signal, totalTimeoutMs = this.#limits.totalTimeoutMs } = ask;
    const startedAt = this.#now();
    const timeout = AbortSignal.timeout(totalTimeoutMs);
    const query = params.size === 0 ? "" : `?${params}`;
    try {
      const send = () =>
        request(`${this.#base}${path}${query}`, {
          dispatcher: this.#agent,
          headers: {
            [OWN_FIELDS_HEADER]: "1",
            ...this.#headers,
            accept: "application/json",
            "accept-encoding": "gzip",
          },
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          headersTimeout: totalTimeoutMs,
          bodyTimeout: this.#limits.totalTimeoutMs,
        });
      // A kept connection that the other side closes as it is used again says nothing of the source: asked once more.
      const response = await send().catch((error: unknown) => {
        if (!isCutConnection(error) || signal?.aborted || timeout.aborted) throw error;
        return send();
      });
      const body = await this.#read(response, ask);
      const contentType = headerOf(response, "content-type").split(";")[0]?.trim().toLowerCase() ?? "";
      const latencyMs = this.#now() - startedAt;
      return { from: this.called, status: response.statusCode, contentType, body, latencyMs };
    } catch (error) {
      if (signal?.aborted || error instanceof AppError) throw error;
      throw toTransportError(error, { called: this.called, totalTimeoutMs, isTimeout: timeout.aborted });
    }
  }

  /** The body, unpacked; reading stops at the byte cap, counted after unpacking. */
  async #read(
    response: Dispatcher.ResponseData,
    { into, maxBytes = this.#limits.maxBytes, tooLarge = this.#saysTooLarge(maxBytes) }: Ask,
  ): Promise<Buffer> {
    const encoding = headerOf(response, "content-encoding").toLowerCase();
    if (encoding !== "" && encoding !== "identity" && encoding !== "gzip") {
      response.body.on("error", () => {}).destroy();
      throw new AppError(
        "upstream_invalid",
        `${this.called} packs its answer as "${encoding.slice(0, 40)}", which nobody asked for.`,
      );
    }
    const stream = encoding === "gzip" ? unzipped(response.body) : response.body;
    const declared = Number(headerOf(response, "content-length")) || 0;
    const refuse = (sizeBytes?: number) => {
      response.body.on("error", () => {}).destroy();
      return new AppError("upstream_too_large", tooLarge(sizeBytes));
    };
    if (encoding !== "gzip" && declared > maxBytes) throw refuse(declared);
    const isWanted = into !== undefined && response.statusCode === 200;
    const body = isWanted ? into : new GrowingBuffer(encoding === "gzip" ? 0 : declared);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (body.length + chunk.length > maxBytes) throw refuse();
      body.append(chunk);
    }
    return body.bytes();
  }

  #noteSuccess(): void {
    this.#breaker = succeed();
    this.#lastGoodAt = this.#now();
    this.#downSince = undefined;
    this.#reason = undefined;
  }

  #noteFailure(reason: string): void {
    this.#breaker = fail(this.#breaker, this.#now(), this.#limits);
    this.#downSince ??= this.#now();
    this.#reason = reason;
  }

  #saysTooLarge(maxBytes: number): () => string {
    return () => `${this.called} answers with more than ${Math.floor(maxBytes / 1e6)} MB.`;
  }

  /** What failed the last time, in the same words: when it is asked again is for the header, not for the reader. */
  #refusal(): AppError {
    const waitMs = this.#breaker.name === "open" ? this.#breaker.retryAtMs - this.#now() : MS_PER_SECOND;
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / MS_PER_SECOND));
    return new AppError("upstream_unreachable", this.#reason ?? `${this.called} keeps failing.`, { retryAfterSeconds });
  }
}

type Ask = JaegerGetOptions & { path: string; params: URLSearchParams; signal: AbortSignal | undefined };

function unzipped(body: Dispatcher.ResponseData["body"]) {
  const gunzip = createGunzip();
  body.on("error", (error) => gunzip.destroy(error));
  return body.pipe(gunzip);
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}
