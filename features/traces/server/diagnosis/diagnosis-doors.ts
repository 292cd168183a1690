import type { FindingsReply } from "@/features/traces/domain/diagnosis/finding";
import { findMainRoot } from "@/features/traces/domain/diagnosis/timeline";
import type { Baseline } from "@/features/traces/domain/paths/baseline";
import { nameOf, serviceOf } from "@/features/traces/domain/span-text";
import { requestStartUs } from "@/features/traces/domain/trace-facts";
import { messageOf } from "@/lib/errors";
import { log } from "@/server/log/log";
import { withSpan } from "@/server/telemetry/with-span";
import { compressedJson } from "../compressed-json";
import type { OpenTrace } from "../open-trace";
import { getBaseline, getBaselineOfStep } from "../paths/path-doors";
import { sharedTraces } from "../shared-traces";
import { runTask } from "../threads/run-task";
import { isUploadId, openUpload } from "../uploaded-traces";
import { readLeftWork } from "./read-left-work";

/**
 * Why a trace took as long as it did, compared with what is usual of its operation where that is known. Rejects with
 * `not_found` and `upstream_*` for the trace, never for its history.
 */
export async function getFindings(traceId: string, signal?: AbortSignal): Promise<FindingsReply> {
  const { trace, expectedSpanCount } = await open(traceId, signal);
  const [baseline, left] = await Promise.all([findBaseline(trace, signal), readLeftWork(trace, openLinked, signal)]);
  return withSpan("traces.diagnose", { attributes: { "traces.span_count": trace.skeleton.spanCount } }, () =>
    runTask("findings", trace, { baseline, expectedSpanCount, left }, signal),
  );
}

const openLinked = async (traceId: string, signal?: AbortSignal): Promise<OpenTrace> =>
  (await sharedTraces().library.open(traceId, signal)).trace;

/** {@link getFindings} as a response, packed when the caller takes gzip. */
export async function getFindingsResponse(traceId: string, request: Request): Promise<Response> {
  return compressedJson(request, JSON.stringify(await getFindings(traceId, request.signal)));
}

async function open(traceId: string, signal?: AbortSignal) {
  if (isUploadId(traceId)) return { trace: await openUpload(traceId, new Date(), signal), expectedSpanCount: null };
  return sharedTraces().library.open(traceId, signal);
}

/** History is a help: without it the trace is judged by itself. Where the root is missing, that of its longest part. */
async function findBaseline(
  { facts, skeleton, ownTraceId }: OpenTrace,
  signal?: AbortSignal,
): Promise<Baseline | undefined> {
  const { rootService, rootOperation } = facts;
  try {
    if (rootOperation === "") return await findBaselineOfPart(skeleton, ownTraceId, signal);
    const of = { rootService, rootOperation, atUs: requestStartUs(skeleton), exceptTraceId: ownTraceId };
    return (await getBaseline(of, signal)).baseline;
  } catch (error) {
    signal?.throwIfAborted();
    log().warn({ reason: messageOf(error) }, "a trace is diagnosed without what is usual");
    return undefined;
  }
}

async function findBaselineOfPart(trace: OpenTrace["skeleton"], exceptTraceId: string, signal?: AbortSignal) {
  const row = findMainRoot(trace);
  if (row === -1) return undefined;
  const atUs = requestStartUs(trace);
  const of = { service: serviceOf(trace, row), operation: nameOf(trace, row), atUs, exceptTraceId };
  return (await getBaselineOfStep(of, signal)).baseline;
}
