import type { TraceSummary } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { MS_PER_MINUTE, MS_PER_SECOND } from "@/lib/units";
import { withSpan } from "@/server/telemetry/with-span";
import { decodeTraces } from "../decoding/decode-traces";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { TraceCache } from "../trace-cache";
import type { TraceSource } from "../trace-source";

export type SampleLimits = {
  /** Reads under way at once; less than what the source admits, so that a person's own request is not behind a sample. */
  concurrency: number;
  timeMs: number;
  /** Sum of the traces' JSON. Each is folded and let go; this bounds the work, not the memory. */
  maxBytes: number;
  /** Larger traces are not read for a sample. */
  maxSpans: number;
};

const LIMITS: SampleLimits = {
  concurrency: 4,
  timeMs: 10 * MS_PER_SECOND,
  maxBytes: 256 * 1024 * 1024,
  maxSpans: 30_000,
};
const MAX_CACHE_BYTES = 32 * 1024 * 1024;
/** A trace that may still grow is read again for a sample when what is held is older. */
const FRESH_FOR_MS = 10 * MS_PER_SECOND;
const IDLE_MS = 5 * MS_PER_MINUTE;

type Wanted = Pick<TraceSummary, "traceId" | "spanCount">;
export type SampleOutcome = {
  readCount: number;
  /** Too big, gone since the search, unreadable, or no time left. */
  skippedCount: number;
};

/**
 * Reads many traces of one source for a sample: one by one with a few under way at once, never as one huge answer. Each
 * is given to `visit` in the order asked for, and then let go.
 */
export class SampleReader {
  readonly #cache = new TraceCache<OpenTrace>({ maxBytes: MAX_CACHE_BYTES, idleMs: IDLE_MS });
  readonly #source: Pick<TraceSource, "readTrace">;
  readonly #limits: SampleLimits;
  readonly #now: () => number;

  constructor(
    source: Pick<TraceSource, "readTrace">,
    { limits = {}, now = Date.now }: { limits?: Partial<SampleLimits>; now?: () => number } = {},
  ) {
    this.#source = source;
    this.#limits = { ...LIMITS, ...limits };
    this.#now = now;
  }

  /** Rejects with `upstream_*` when the source fails before the first trace, and with the abort of `signal`. */
  async read(
    wanted: readonly Wanted[],
    visit: (trace: OpenTrace) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<SampleOutcome> {
    return withSpan("traces.sample", { attributes: { "traces.wanted_count": wanted.length } }, async (span) => {
      const outcome = await this.#readAll(wanted, visit, signal);
      span.setAttribute("traces.read_count", outcome.readCount);
      return outcome;
    });
  }

  async #readAll(
    wanted: readonly Wanted[],
    visit: (trace: OpenTrace) => void | Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<SampleOutcome> {
    const { concurrency, timeMs, maxBytes, maxSpans } = this.#limits;
    const small = wanted.filter(({ spanCount }) => spanCount <= maxSpans);
    const stop = new AbortController();
    const timeout = AbortSignal.timeout(timeMs);
    const either = AbortSignal.any([stop.signal, timeout, ...(signal === undefined ? [] : [signal])]);
    const reads: Promise<Read>[] = [];
    let readCount = 0;
    let bytes = 0;
    try {
      for (let at = 0; at < small.length && bytes < maxBytes && !timeout.aborted; at += 1) {
        for (const { traceId } of small.slice(reads.length, at + concurrency))
          reads.push(this.#readOne(traceId, either));
        const read = await reads[at];
        signal?.throwIfAborted();
        if (read === undefined || read.kind === "skipped") continue;
        if (read.kind === "failed") {
          if (readCount === 0 && !timeout.aborted) throw read.error;
          break;
        }
        readCount += 1;
        bytes += read.trace.sizeBytes;
        await visit(read.trace);
      }
    } finally {
      stop.abort();
    }
    return { readCount, skippedCount: wanted.length - readCount };
  }

  /** Never rejects: reads that nobody awaits any more must not end the process. */
  async #readOne(traceId: string, signal: AbortSignal): Promise<Read> {
    try {
      const held = this.#cache.get(traceId);
      if (held !== undefined && (held.facts.isSettled || this.#now() - held.openedAtMs < FRESH_FOR_MS)) {
        return { kind: "trace", trace: held };
      }
      return { kind: "trace", trace: await this.#cache.load(traceId, (shared) => this.#load(traceId, shared), signal) };
    } catch (error) {
      return isOfThisTrace(error) ? { kind: "skipped" } : { kind: "failed", error };
    }
  }

  async #load(traceId: string, signal: AbortSignal): Promise<OpenTrace> {
    const { bytes } = await this.#source.readTrace(traceId, signal);
    return toOpenTrace(await decodeTraces(bytes, signal), traceId, this.#now());
  }
}

type Read = { kind: "trace"; trace: OpenTrace } | { kind: "skipped" } | { kind: "failed"; error: unknown };

const OF_ONE_TRACE = ["not_found", "upstream_too_large", "upstream_invalid", "invalid_input", "payload_too_large"];

/** Whether the next trace may well be fine. */
function isOfThisTrace(error: unknown): boolean {
  return error instanceof AppError && OF_ONE_TRACE.includes(error.code);
}
