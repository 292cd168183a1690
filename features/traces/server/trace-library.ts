import type { TraceFacts, TraceOrigin } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { MS_PER_MINUTE, MS_PER_SECOND } from "@/lib/units";
import { withSpan } from "@/server/telemetry/with-span";
import type { JaegerSource } from "./jaeger/jaeger-source";
import type { OpenTrace } from "./open-trace";
import { TraceBytes } from "./threads/trace-bytes";
import { TraceCache } from "./trace-cache";

const MAX_CACHE_BYTES = 160 * 1024 * 1024;
/** A trace that nobody has asked about for so long is let go; who comes back to it waits as for one opened anew. */
export const IDLE_MS = 5 * MS_PER_MINUTE;
const MAX_REMEMBERED_COUNTS = 10_000;
/** A trace that may still grow is read again when what we hold is older; one that took long to read, more rarely. */
const FRESH_FOR_MS = 2 * MS_PER_SECOND;
const FRESH_FOR_READS = 5;
/** What one trace may be as JSON: 200,000 spans with a dozen attributes each are 150 MB. */
export const DEFAULT_MAX_TRACE_BYTES = 256 * 1024 * 1024;

export type Opened = { trace: OpenTrace; origin: TraceOrigin; expectedSpanCount: TraceFacts["expectedSpanCount"] };
type Held = OpenTrace & { latencyMs: number };
type LibraryOptions = { now?: () => number; maxTraceBytes?: number };

/** Traces of one source, held while they are being looked at. */
export class TraceLibrary {
  readonly #cache: TraceCache<Held>;
  readonly #expected = new Map<string, number>();
  readonly #source: JaegerSource;
  readonly #now: () => number;
  readonly #maxTraceBytes: number;

  constructor(source: JaegerSource, { now = Date.now, maxTraceBytes = DEFAULT_MAX_TRACE_BYTES }: LibraryOptions = {}) {
    this.#cache = new TraceCache<Held>({ maxBytes: MAX_CACHE_BYTES, idleMs: IDLE_MS, now });
    this.#source = source;
    this.#now = now;
    this.#maxTraceBytes = maxTraceBytes;
  }

  /** Remembers how many spans a search counted, to notice a trace that comes shorter. */
  expect(summaries: readonly { traceId: string; spanCount: number }[]): void {
    for (const { traceId, spanCount } of summaries) {
      this.#expected.delete(traceId);
      this.#expected.set(traceId, spanCount);
    }
    for (const oldest of this.#expected.keys()) {
      if (this.#expected.size <= MAX_REMEMBERED_COUNTS) break;
      this.#expected.delete(oldest);
    }
  }

  /**
   * The trace, from memory when it is settled or was read a moment ago. While the source is down, what is held is
   * answered whatever its age; `origin` says so.
   */
  async open(traceId: string, signal?: AbortSignal): Promise<Opened> {
    const held = this.#cache.get(traceId);
    if (held !== undefined && this.#isFresh(held)) return this.#opened(held, true);
    try {
      return this.#opened(await this.#cache.load(traceId, (shared) => this.#read(traceId, shared), signal), false);
    } catch (error) {
      if (held === undefined || signal?.aborted || !isUpstream(error)) throw error;
      return this.#opened(held, true);
    }
  }

  /** The trace as it was when it had this version, if still held; otherwise as {@link open}. */
  async openVersion(traceId: string, version: string | undefined, signal?: AbortSignal): Promise<OpenTrace> {
    const held = this.#cache.get(traceId);
    if (held !== undefined && (version === undefined || held.version === version)) return held;
    return (await this.open(traceId, signal)).trace;
  }

  #isFresh(held: Held): boolean {
    const freshForMs = Math.max(FRESH_FOR_MS, FRESH_FOR_READS * held.latencyMs);
    return held.facts.isSettled || this.#now() - held.openedAtMs < freshForMs;
  }

  #opened(trace: Held, isFromCache: boolean): Opened {
    const source = this.#source.info({ latencyMs: trace.latencyMs, fetchedAtMs: trace.openedAtMs });
    return {
      trace,
      origin: { kind: "jaeger", source, isFromCache },
      expectedSpanCount: this.#expected.get(trace.traceId) ?? null,
    };
  }

  async #read(traceId: string, signal: AbortSignal): Promise<Held> {
    const maxBytes = this.#maxTraceBytes;
    const into = new TraceBytes({ kind: "open", traceId, nowMs: this.#now }, { maxBytes });
    try {
      const { bytes, latencyMs } = await this.#source.readTrace(traceId, signal, { maxBytes, into });
      return await withSpan("traces.decode", { attributes: { "traces.size_bytes": bytes.length } }, async (span) => {
        const trace = await decodeAnswer(into, this.#source.called, signal);
        span.setAttribute("traces.span_count", trace.skeleton.spanCount);
        return { ...trace, latencyMs };
      });
    } catch (error) {
      into.giveUp();
      throw error;
    }
  }
}

/** What Jaeger sends is Jaeger's fault, not the reader's input. */
async function decodeAnswer(
  bytes: TraceBytes<{ kind: "open"; traceId: string; nowMs: () => number }>,
  from: string,
  signal: AbortSignal,
) {
  try {
    return await bytes.decoded(signal);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === "not_found" || isUpstream(cause)) throw cause;
    const code = cause.code === "payload_too_large" ? "upstream_too_large" : "upstream_invalid";
    throw new AppError(code, `${from} sent a trace that makes no sense. ${cause.message}`, { cause });
  }
}

function isUpstream(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith("upstream_");
}
