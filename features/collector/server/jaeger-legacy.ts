import type { ServerResponse } from "node:http";
import { toLegacyTrace } from "../domain/legacy-trace";
import { parseTraceId } from "../domain/trace-id";
import { sendLegacy, sendLegacyError } from "./jaeger-reply";
import { countCalls, openTraces } from "./search-traces";

const DEFAULT_LOOKBACK_MS = 86_400_000;
const METRICS_OFF = "trace metrics are currently disabled - no metrics backend configured";

export async function answerLegacyTrace(response: ServerResponse, id: string, params: URLSearchParams): Promise<void> {
  const parsed = parseTraceId(id, true);
  if ("problem" in parsed) return sendLegacyError(response, 400, parsed.problem);
  for (const name of ["start", "end"]) {
    const value = params.get(name) ?? "";
    if (value !== "" && !/^-?\d{1,19}$/.test(value)) return sendLegacyError(response, 400, unparsable(name, value));
  }
  for await (const { traceId, groups } of openTraces([parsed.traceId])) {
    return sendLegacy(response, [toLegacyTrace(traceId, groups)]);
  }
  sendLegacyError(response, 404, "trace not found");
}

export async function answerDependencies(
  response: ServerResponse,
  params: URLSearchParams,
  nowMs: number,
): Promise<void> {
  const endMs = readMs(params, "endTs", nowMs);
  const lookbackMs = readMs(params, "lookback", DEFAULT_LOOKBACK_MS);
  for (const [name, value] of [
    ["endTs", endMs],
    ["lookback", lookbackMs],
  ] as const) {
    if (value === undefined) return sendLegacyError(response, 400, unparsable(name, params.get(name) ?? ""));
  }
  const end = BigInt(endMs ?? nowMs) * 1_000_000n;
  const start = end - BigInt(lookbackMs ?? DEFAULT_LOOKBACK_MS) * 1_000_000n;
  const service = params.get("service") ?? "";
  const links = await countCalls(start < 0n ? 0n : start, end);
  sendLegacy(
    response,
    links.filter(({ parent, child }) => service === "" || parent === service || child === service),
  );
}

/** There is no metrics store behind this collector; Jaeger without one says so on every metrics route. */
export function answerMetrics(response: ServerResponse): void {
  sendLegacyError(response, 501, METRICS_OFF);
}

function readMs(params: URLSearchParams, name: string, fallback: number): number | undefined {
  const value = params.get(name) ?? "";
  if (value === "") return fallback;
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function unparsable(name: string, value: string): string {
  return `unable to parse param '${name}': strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
}
