import type {
  AttributeMatches,
  AttributeMatchesQuery,
  DownloadFormat,
  Operation,
  ServicesReply,
  SimilarCalls,
  SpanDetail,
  TraceSearch,
  TraceSearchReply,
  TraceSourceStatus,
  UploadReply,
} from "@/features/traces/contract";
import { MAX_UPLOAD_BYTES, traceIdSchema } from "@/features/traces/contract";
import { rowOf } from "@/features/traces/domain/trace-skeleton";
import type { FirstRows } from "@/features/traces/domain/waterfall/first-rows";
import { AppError } from "@/lib/errors";
import type { Viewer } from "@/server/auth/permissions";
import { env } from "@/server/config/env";
import { readBody } from "@/server/http/body";
import { isCollectorEmbedded } from "@/server/processes/embedded-collector";
import { answerTrace } from "./answer-trace";
import { compressedJson } from "./compressed-json";
import { readSpan } from "./decoding/read-span";
import { unwrapOtlp } from "./export/to-otlp";
import { listServices } from "./facts/list-services";
import { hasFactsOf } from "./facts/trace-repository";
import { type PageParams, readFirstRows } from "./first-rows";
import { searchSource } from "./search-traces";
import { sharedTraces as traces } from "./shared-traces";
import { runTask } from "./threads/run-task";
import type { Opened } from "./trace-library";
import { isUploadId, openUpload, saveUpload } from "./uploaded-traces";

export * from "./diagnosis/diagnosis-doors";
export * from "./facts/fact-doors";
export { forgetServices } from "./facts/slice-repository";
export * from "./paths/path-doors";

/** Traces that match, newest first. Rejects with `upstream_*` while the source fails. */
export async function searchTraces(search: TraceSearch, signal?: AbortSignal): Promise<TraceSearchReply> {
  const { source, library } = traces();
  const reply = await searchSource(source, search, { nowMs: Date.now(), signal });
  library.expect(reply.summaries);
  return reply;
}

async function open(traceId: string, signal?: AbortSignal): Promise<Opened> {
  if (!isUploadId(traceId)) return traces().library.open(traceId, signal);
  const trace = await openUpload(traceId, new Date(), signal);
  return { trace, origin: trace.origin, expectedSpanCount: null };
}

/**
 * Whether a trace can be opened, as far as that is told: a source that fails denies none. One that no search has seen is
 * read for it, and held for the page that follows.
 */
export async function hasTrace(traceId: string): Promise<boolean> {
  if (!traceIdSchema.safeParse(traceId).success) return false;
  try {
    if (!isUploadId(traceId) && (await hasFactsOf(await traces().facts.sourceId(), traceId))) return true;
    await open(traceId);
    return true;
  } catch (error) {
    return !(error instanceof AppError) || error.code !== "not_found";
  }
}

/** A whole trace as columns, packed when the caller takes gzip. Rejects with `not_found`. */
export async function getTraceResponse(traceId: string, request: Request): Promise<Response> {
  return answerTrace(await open(traceId, request.signal), request);
}

/** What a reader of a big trace sees first, under the parameters of its page; see {@link readFirstRows}. */
export async function getFirstRows(traceId: string, params: PageParams): Promise<FirstRows | undefined> {
  if (!traceIdSchema.safeParse(traceId).success) return undefined;
  return readFirstRows((signal) => open(traceId, signal), params);
}

type SpanAsked = { traceId: string; spanId: string; version?: string | undefined };

/** One span in full, by id or as `at-ROW` of the named version; `conflict` when that version is gone. */
export async function getSpan(asked: SpanAsked, signal?: AbortSignal): Promise<SpanDetail> {
  const { trace, row } = await openSpan(asked, signal);
  return readSpan(trace, row);
}

/** How a span's attributes compare with those of the similar calls under its parent. */
export async function getSimilarCalls(asked: SpanAsked, signal?: AbortSignal): Promise<SimilarCalls> {
  const { trace, row } = await openSpan(asked, signal);
  return runTask("similar", trace, { row }, signal);
}

/** Which spans have an attribute; `conflict` when the named version is gone. */
export async function getAttributeMatches(
  { traceId, version, ...term }: AttributeMatchesQuery & { traceId: string },
  signal?: AbortSignal,
): Promise<AttributeMatches> {
  const trace = await openAt({ traceId, version }, signal);
  if (version !== undefined && trace.version !== version) {
    throw new AppError("conflict", "The trace has grown since. Load it again.");
  }
  return runTask("search", trace, { term }, signal);
}

async function openAt({ traceId, version }: Pick<SpanAsked, "traceId" | "version">, signal?: AbortSignal) {
  if (isUploadId(traceId)) return (await open(traceId, signal)).trace;
  return traces().library.openVersion(traceId, version, signal);
}

async function openSpan({ traceId, spanId, version }: SpanAsked, signal?: AbortSignal) {
  const trace = await openAt({ traceId, version }, signal);
  if (!spanId.startsWith("at-")) {
    const row = rowOf(trace.skeleton, spanId);
    if (row === undefined) throw new AppError("not_found", `The trace has no span ${spanId}.`);
    return { trace, row };
  }
  if (version !== undefined && trace.version !== version) {
    throw new AppError("conflict", "The trace has grown since this row was counted. Load it again.");
  }
  const row = Number(spanId.slice("at-".length));
  if (row >= trace.skeleton.spanCount) throw new AppError("not_found", `The trace has no row ${row}.`);
  return { trace, row };
}

/**
 * A trace as a file to keep: as the source has it where it speaks the format, converted where it does not. Packed on the
 * way when the caller takes gzip.
 */
export async function downloadTrace(
  { traceId, format }: { traceId: string; format: DownloadFormat },
  request: Request,
): Promise<Response> {
  const response = await compressedJson(request, await exportTrace(traceId, format, request.signal));
  response.headers.set("content-disposition", `attachment; filename="trace-${traceId}.${format}.json"`);
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}

async function exportTrace(traceId: string, format: DownloadFormat, signal?: AbortSignal): Promise<Uint8Array> {
  if (!isUploadId(traceId)) {
    const bytes = await traces().source.readTraceAs(traceId, format, signal, { maxBytes: env().OPS_TRACE_MAX_BYTES });
    if (bytes !== undefined) return format === "otlp" ? unwrapOtlp(bytes) : bytes;
  }
  const { trace } = await open(traceId, signal);
  return runTask("export", trace, { format }, signal);
}

/** Takes in a trace file of up to 20 MiB; see {@link saveUpload} for what is refused. */
export async function uploadTraces(
  { request, fileName, viewer }: { request: Request; fileName: string; viewer: Viewer },
  signal?: AbortSignal,
): Promise<UploadReply> {
  const bytes = await readBody(request, MAX_UPLOAD_BYTES);
  return saveUpload({ bytes, fileName, uploadedBy: viewer.name, now: new Date() }, signal);
}

/** Names of the services that have sent spans, sorted; those of the traces held while the source does not answer. */
export function getServices(signal?: AbortSignal): Promise<ServicesReply> {
  return listServices(traces().facts, signal);
}

/** Operations of a service; kinds are "unspecified" where the source does not tell. */
export async function listOperations(service: string, signal?: AbortSignal): Promise<Operation[]> {
  return traces().source.listOperations(service, signal);
}

/** Whether the source answers; looks at most once in ten seconds, never rejects while the caller stays. */
export async function getTraceSource(signal?: AbortSignal): Promise<TraceSourceStatus> {
  const [status, isEmbedded] = await Promise.all([traces().source.status(signal), isCollectorEmbedded()]);
  return { ...status, isEmbedded };
}
