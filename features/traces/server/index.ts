import type {
  Operation,
  SpanDetail,
  TraceReply,
  TraceSearch,
  TraceSearchReply,
  TraceSourceStatus,
} from "@/features/traces/contract";
import { MAX_INLINE_SPAN_IDS } from "@/features/traces/contract";
import { encodeSkeleton } from "@/features/traces/domain/skeleton-wire";
import { rowOf } from "@/features/traces/domain/trace-skeleton";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { compressedJson } from "./compressed-json";
import { readSpan } from "./decoding/read-span";
import { JaegerSource } from "./jaeger/jaeger-source";
import { searchSource } from "./search-traces";
import { TraceLibrary } from "./trace-library";

type Shared = { opsTraces?: { source: JaegerSource; library: TraceLibrary } };
// Next evaluates route handlers as several module graphs: breaker, queue and cache are one per process.
const shared = globalThis as typeof globalThis & Shared;

/** The trace source of this process, made at first use from `JAEGER_URL`; our own collector when that is unset. */
function traces() {
  if (shared.opsTraces === undefined) {
    const { JAEGER_URL, JAEGER_HEADERS, JAEGER_API_PORT } = env();
    const source = new JaegerSource({
      url: JAEGER_URL ?? `http://127.0.0.1:${JAEGER_API_PORT}`,
      headers: JAEGER_HEADERS,
    });
    shared.opsTraces = { source, library: new TraceLibrary(source) };
  }
  return shared.opsTraces;
}

/** Traces that match, newest first. Rejects with `upstream_*` while the source fails. */
export async function searchTraces(search: TraceSearch, signal?: AbortSignal): Promise<TraceSearchReply> {
  const { source, library } = traces();
  const reply = await searchSource(source, search, { nowMs: Date.now(), signal });
  library.expect(reply.summaries);
  return reply;
}

/** A whole trace as columns. Rejects with `not_found`. */
export async function getTrace(traceId: string, signal?: AbortSignal): Promise<TraceReply> {
  const { trace, origin, expectedSpanCount } = await traces().library.open(traceId, signal);
  return {
    traceId: trace.traceId,
    version: trace.version,
    facts: { ...trace.facts, expectedSpanCount },
    columns: encodeSkeleton(trace.skeleton, { maxIds: MAX_INLINE_SPAN_IDS }),
    origin,
  };
}

/** {@link getTrace} as a response, packed when the caller takes gzip. */
export async function getTraceResponse(traceId: string, request: Request): Promise<Response> {
  return compressedJson(request, JSON.stringify(await getTrace(traceId, request.signal)));
}

/** One span in full, by id or as `at-ROW` of the named version; `conflict` when that version is gone. */
export async function getSpan(
  { traceId, spanId, version }: { traceId: string; spanId: string; version?: string | undefined },
  signal?: AbortSignal,
): Promise<SpanDetail> {
  const trace = await traces().library.openVersion(traceId, version, signal);
  if (!spanId.startsWith("at-")) {
    const row = rowOf(trace.skeleton, spanId);
    if (row === undefined) throw new AppError("not_found", `The trace has no span ${spanId}.`);
    return readSpan(trace, row);
  }
  if (version !== undefined && trace.version !== version) {
    throw new AppError("conflict", "The trace has grown since this row was counted. Load it again.");
  }
  const row = Number(spanId.slice("at-".length));
  if (row >= trace.skeleton.spanCount) throw new AppError("not_found", `The trace has no row ${row}.`);
  return readSpan(trace, row);
}

/** Names of the services that have sent spans, sorted. */
export async function listServices(signal?: AbortSignal): Promise<string[]> {
  return traces().source.listServices(signal);
}

/** Operations of a service; kinds are "unspecified" where the source does not tell. */
export async function listOperations(service: string, signal?: AbortSignal): Promise<Operation[]> {
  return traces().source.listOperations(service, signal);
}

/** Whether the source answers; looks at most once in ten seconds, never rejects while the caller stays. */
export async function getTraceSource(signal?: AbortSignal): Promise<TraceSourceStatus> {
  return { ...(await traces().source.status(signal)), isEmbedded: env().JAEGER_URL === undefined };
}
