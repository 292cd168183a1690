import type { ServerResponse } from "node:http";
import { toLegacyTrace } from "../domain/legacy-trace";
import { problemOfLegacyBool, problemOfLegacyInt } from "../domain/parse-legacy-query";
import { parseTraceId } from "../domain/trace-id";
import { sendLegacy, sendLegacyError } from "./jaeger-reply";
import { countCalls, MAX_COUNTED_TRACES, openTraces } from "./search-traces";

const DEFAULT_LOOKBACK_MS = 86_400_000;
const NS_PER_MS = 1_000_000n;
const MAX_NS = 9_223_372_036_854_775_807n;
const METRICS_OFF = "trace metrics are currently disabled - no metrics backend configured";

/** `GET /api/traces/{id}` in the older shape: 400 for an id that is none, 404 for one that is not kept. */
export async function answerLegacyTrace(response: ServerResponse, id: string, params: URLSearchParams): Promise<void> {
  const parsed = parseTraceId(id, true);
  if ("problem" in parsed) return sendLegacyError(response, 400, parsed.problem);
  const problem =
    problemOfLegacyInt(params, "start") ?? problemOfLegacyInt(params, "end") ?? problemOfLegacyBool(params, "raw");
  if (problem !== undefined) return sendLegacyError(response, 400, problem);
  for await (const { traceId, groups } of openTraces([parsed.traceId])) {
    return sendLegacy(response, params, { data: [toLegacyTrace(traceId, groups)] });
  }
  sendLegacyError(response, 404, "trace not found");
}

/** `GET /api/dependencies`: calls between services up to `endTs`, over `lookback` ms; `nowMs` where no end is named. */
export async function answerDependencies(
  response: ServerResponse,
  params: URLSearchParams,
  nowMs: number,
): Promise<void> {
  const problem = problemOfLegacyInt(params, "endTs") ?? problemOfLegacyInt(params, "lookback");
  if (problem !== undefined) return sendLegacyError(response, 400, problem);
  const end = BigInt(params.get("endTs") || nowMs) * NS_PER_MS;
  const start = end - BigInt(params.get("lookback") || DEFAULT_LOOKBACK_MS) * NS_PER_MS;
  if (end < start) return sendLegacyError(response, 500, "end time must be greater than start time");
  const service = params.get("service") ?? "";
  const { calls, isCut } = await countCalls(withinTime(start), withinTime(end));
  const data = calls.filter(({ parent, child }) => service === "" || parent === service || child === service);
  const msg = `only the latest ${MAX_COUNTED_TRACES} traces were counted: ask for a shorter time`;
  sendLegacy(response, params, { data, errors: isCut ? [{ msg }] : [] });
}

/** There is no metrics store behind this collector; Jaeger without one says so on every metrics route. */
export function answerMetrics(response: ServerResponse): void {
  sendLegacyError(response, 501, METRICS_OFF);
}

function withinTime(ns: bigint): bigint {
  return ns < 0n ? 0n : ns > MAX_NS ? MAX_NS : ns;
}
