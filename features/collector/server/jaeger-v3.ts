import type { IncomingMessage, ServerResponse } from "node:http";
import { OWN_FIELDS_HEADER } from "@/lib/own-fields";
import { parseTraceQuery, readTruth, type TraceQuery } from "../domain/parse-trace-query";
import { parseRfc3339Nanos, rfc3339Complaint } from "../domain/rfc3339";
import { parseTraceId } from "../domain/trace-id";
import { sendJson, sendV3Error, streamTraces } from "./jaeger-reply";
import { listOperations, listServices } from "./search-repository";
import { openTraces, searchSummaries, searchTraceIds } from "./search-traces";

const KINDS = ["internal", "internal", "server", "client", "producer", "consumer"];

/** A kind by its number in OTLP; an unspecified one is reported as internal, as Jaeger does. */
export function kindName(kind: number): string {
  return KINDS[kind] ?? "internal";
}

/** `GET /api/v3/services`: every name ever received, sorted. */
export async function answerServices(response: ServerResponse): Promise<void> {
  sendJson(response, { services: await listServices() });
}

/** `GET /api/v3/operations`: those of one service, of one kind of span if asked; none without a service. */
export async function answerOperations(response: ServerResponse, params: URLSearchParams): Promise<void> {
  const service = params.get("service") ?? "";
  const wanted = params.get("spanKind") || params.get("span_kind") || "";
  const rows = service === "" ? [] : await listOperations(service);
  const operations = rows
    .map(({ name, kind }) => ({ name, spanKind: kindName(kind) }))
    .filter(({ spanKind }) => wanted === "" || spanKind === wanted);
  sendJson(response, { operations });
}

/** `GET /api/v3/trace-summaries`: at most the depth asked for; 400 with Jaeger's words for a query it refuses. */
export async function answerSummaries(
  request: IncomingMessage,
  response: ServerResponse,
  params: URLSearchParams,
): Promise<void> {
  const query = readQuery(response, params);
  if (query === undefined) return;
  const withOwnFields = request.headers[OWN_FIELDS_HEADER] !== undefined;
  sendJson(response, { summaries: await searchSummaries(query.filter, query.searchDepth, withOwnFields) });
}

/** `GET /api/v3/traces`: whole traces of a search, sent one by one as they are read. */
export async function answerTraces(response: ServerResponse, params: URLSearchParams): Promise<void> {
  const query = readQuery(response, params);
  if (query === undefined) return;
  await sendTraces(response, await searchTraceIds(query.filter, query.searchDepth));
}

/** `GET /api/v3/traces/{id}`: 400 for an id that is none, 404 for one that is not kept. */
export async function answerTrace(response: ServerResponse, id: string, params: URLSearchParams): Promise<void> {
  const parsed = parseTraceId(id, true);
  if ("problem" in parsed) return sendV3Error(response, 400, `malformed parameter trace_id: ${parsed.problem}`);
  const problem = problemOfTraceParams(params);
  if (problem !== undefined) return sendV3Error(response, 400, problem);
  await sendTraces(response, [parsed.traceId]);
}

function readQuery(response: ServerResponse, params: URLSearchParams): TraceQuery | undefined {
  const parsed = parseTraceQuery(params);
  if ("query" in parsed) return parsed.query;
  sendV3Error(response, parsed.refusal.status, parsed.refusal.message);
  return undefined;
}

/** The time range of a trace by id is only a hint for stores that need one; it is checked and not used. */
function problemOfTraceParams(params: URLSearchParams): string | undefined {
  for (const names of [
    ["startTime", "start_time"],
    ["endTime", "end_time"],
  ]) {
    for (const name of names) {
      const value = params.get(name) ?? "";
      if (value !== "" && parseRfc3339Nanos(value) === undefined) return rfc3339Complaint(name, value);
    }
  }
  const isRaw = readTruth(params, "rawTraces", "raw_traces");
  return typeof isRaw === "object" ? isRaw.problem : undefined;
}

/** The headers wait for the first trace: no match is a 404 here, unlike for summaries. */
async function sendTraces(response: ServerResponse, traceIds: readonly string[]): Promise<void> {
  const traces = openTraces(traceIds)[Symbol.asyncIterator]();
  const first = await traces.next();
  if (first.done === true) return sendV3Error(response, 404, "No traces found");
  const { groups } = first.value;
  await streamTraces(
    response,
    (async function* () {
      yield groups;
      for await (const trace of { [Symbol.asyncIterator]: () => traces }) yield trace.groups;
    })(),
  );
}
