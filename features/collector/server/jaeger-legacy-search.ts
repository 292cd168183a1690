import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { type LegacyTrace, shortId, toLegacyTrace } from "../domain/legacy-trace";
import { type LegacyQuery, parseLegacyQuery } from "../domain/parse-legacy-query";
import { parseOtlpJson } from "../domain/parse-otlp-json";
import { scanTraces } from "../domain/scan-traces";
import { groupTrace } from "../domain/trace-groups";
import { type LegacyNote, sendLegacy, sendLegacyError, streamLegacyTraces } from "./jaeger-reply";
import { kindName } from "./jaeger-v3";
import { receiveBody } from "./receive-body";
import { listOperations, listServices } from "./search-repository";
import { openTraces, searchTraceIds } from "./search-traces";

const MAX_LIMIT = 100_000;

/** The older API's lists and search, which Jaeger served up to 2.20 and its UI asked for up to 2.18. */
export async function answerLegacyServices(response: ServerResponse, params: URLSearchParams): Promise<void> {
  const data = await listServices();
  sendLegacy(response, params, { data, total: data.length });
}

/** `GET /api/operations`: name and kind of each operation; 400 without a service. */
export async function answerLegacyOperations(response: ServerResponse, params: URLSearchParams): Promise<void> {
  const service = params.get("service") ?? "";
  if (service === "") return sendLegacyError(response, 400, "parameter 'service' is required");
  const wanted = params.get("spanKind") ?? "";
  const operations = (await listOperations(service)).map(({ name, kind }) => ({ name, spanKind: kindName(kind) }));
  const data = operations.filter(({ spanKind }) => wanted === "" || spanKind === wanted);
  sendLegacy(response, params, { data, total: data.length });
}

/** Names only, each once whatever its kinds. */
export async function answerOperationNames(
  response: ServerResponse,
  service: string,
  params: URLSearchParams,
): Promise<void> {
  const data = [...new Set((await listOperations(service)).map(({ name }) => name))];
  sendLegacy(response, params, { data, total: data.length });
}

/** `GET /api/traces`: a search in the older shape; `nowMs` is what `lookback` counts from. */
export async function answerLegacySearch(
  response: ServerResponse,
  params: URLSearchParams,
  nowMs: number,
): Promise<void> {
  const parsed = parseLegacyQuery(params, nowMs);
  if ("problem" in parsed) return sendLegacyError(response, 400, parsed.problem);
  const { query } = parsed;
  if (query.traceIds.length > 0) return answerTracesById(response, params, query);
  if (query.limit <= 0 || query.limit > MAX_LIMIT) {
    return sendLegacyError(response, 500, "search depth must be greater than 0 and less than max traces");
  }
  await streamLegacyTraces(response, params, legacyTraces(await searchTraceIds(query.filter, query.limit)));
}

/** Traces named one by one; the missing ones are listed as errors beside those found. */
async function answerTracesById(
  response: ServerResponse,
  params: URLSearchParams,
  { traceIds }: LegacyQuery,
): Promise<void> {
  const missing = new Set(traceIds);
  const errors: LegacyNote[] = [];
  const found = async function* () {
    for await (const { traceId, groups } of openTraces([...missing])) {
      missing.delete(traceId);
      yield toLegacyTrace(traceId, groups);
    }
    for (const traceID of missing) errors.push({ msg: "trace not found", traceID: shortId(traceID) });
  };
  await streamLegacyTraces(response, params, found(), errors);
}

async function* legacyTraces(traceIds: readonly string[]): AsyncGenerator<LegacyTrace> {
  for await (const { traceId, groups } of openTraces(traceIds)) yield toLegacyTrace(traceId, groups);
}

/** `POST /api/transform`: OTLP/JSON in, the older API's traces out, nothing stored. Jaeger's UI opens files with it. */
export async function answerTransform(
  response: ServerResponse,
  params: URLSearchParams,
  request: IncomingMessage,
): Promise<void> {
  try {
    const { fragments } = scanTraces(parseOtlpJson(await receiveBody(request, "json")));
    const pieces = new Map<string, Buffer[]>();
    for (const { traceId, spans } of fragments) {
      const id = traceId.toString("hex");
      pieces.set(id, [...(pieces.get(id) ?? []), spans]);
    }
    const data = Array.from(pieces, ([traceId, own]) => toLegacyTrace(traceId, groupTrace(own)));
    sendLegacy(response, params, { data });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (!request.complete) response.setHeader("Connection", "close");
    sendLegacyError(response, error.code === "payload_too_large" ? 413 : 400, error.message);
  }
}
