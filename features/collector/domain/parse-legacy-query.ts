import { parseAttributeMap } from "./attribute-map";
import { FALSEHOODS, TRUTHS } from "./go-bool";
import { parseGoDuration } from "./go-duration";
import { type SpanFilter, toSpanFilter } from "./span-filter";
import { parseTraceId } from "./trace-id";

/** A search of the older API: by filter, or, when ids are given, for just these traces. */
export type LegacyQuery = { filter: SpanFilter; limit: number; traceIds: string[] };

const DEFAULT_LIMIT = 100;
const LOOKBACK_NS = 172_800_000_000_000n;
const MAX_INT32 = 2_147_483_647;
const MAX_NS = 9_223_372_036_854_775_807n;

/** Reads the query of `/api/traces`, in the order and with the words of Jaeger up to 2.18; all complaints are a 400. */
export function parseLegacyQuery(params: URLSearchParams, nowMs: number): { query: LegacyQuery } | { problem: string } {
  try {
    return { query: readQuery(params, BigInt(nowMs) * 1_000_000n) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}

class Refused extends Error {}

function readQuery(params: URLSearchParams, nowNs: bigint): LegacyQuery {
  const service = params.get("service") ?? "";
  const operation = params.get("operation") ?? "";
  const minStartNs = readMicros(params, "start") ?? nowNs - LOOKBACK_NS;
  const maxStartNs = readMicros(params, "end") ?? nowNs;
  const attributes = readTags(params);
  const limit = readLimit(params.get("limit") ?? "");
  const minDurationNs = readDuration(params, "minDuration");
  const maxDurationNs = readDuration(params, "maxDuration");
  const traceIds = params.getAll("traceID").map(readTraceId);
  const problem = problemOfLegacyBool(params, "raw");
  if (problem !== undefined) throw new Refused(problem);
  if (traceIds.length === 0 && service === "") throw new Refused("parameter 'service' is required");
  if (minDurationNs !== undefined && maxDurationNs !== undefined && maxDurationNs < minDurationNs) {
    throw new Refused("'maxDuration' should be greater than 'minDuration'");
  }
  const filter = toSpanFilter({
    service,
    operation,
    minStartNs,
    maxStartNs,
    minDurationNs,
    maxDurationNs,
    attributes,
  });
  return { filter, limit, traceIds };
}

/** Complains about a Go boolean that is none; absent and empty are fine. */
export function problemOfLegacyBool(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name) ?? "";
  if (value === "" || TRUTHS.has(value) || FALSEHOODS.has(value)) return undefined;
  return unparsable(name, `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** Complains about a whole 64-bit number that is none; absent and empty are fine. */
export function problemOfLegacyInt(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name) ?? "";
  if (value === "") return undefined;
  const problem = problemOfInt(value, MAX_NS);
  return problem === undefined ? undefined : unparsable(name, problem);
}

function readMicros(params: URLSearchParams, name: string): bigint | undefined {
  const problem = problemOfLegacyInt(params, name);
  if (problem !== undefined) throw new Refused(problem);
  const value = params.get(name) ?? "";
  if (value === "") return undefined;
  const ns = BigInt(value) * 1000n;
  if (ns < 0n) return 0n;
  return ns > MAX_NS ? MAX_NS : ns;
}

function readLimit(value: string): number {
  if (value === "") return DEFAULT_LIMIT;
  const problem = problemOfInt(value, BigInt(MAX_INT32));
  if (problem !== undefined) throw new Refused(problem);
  return Number(value);
}

function problemOfInt(value: string, max: bigint): string | undefined {
  const quoted = JSON.stringify(value);
  if (!/^[-+]?\d+$/.test(value)) return `strconv.ParseInt: parsing ${quoted}: invalid syntax`;
  const number = BigInt(value.replace(/^\+/, ""));
  const isInside = number <= max && number >= -max - 1n;
  return isInside ? undefined : `strconv.ParseInt: parsing ${quoted}: value out of range`;
}

/** Zero means "any", as in Jaeger. */
function readDuration(params: URLSearchParams, name: string): bigint | undefined {
  const value = params.get(name) ?? "";
  if (value === "") return undefined;
  const parsed = parseGoDuration(value);
  if ("problem" in parsed) throw new Refused(unparsable(name, parsed.problem));
  return parsed.ns === 0n ? undefined : parsed.ns;
}

/** `tag=key:value` and `tags={"key":"value"}`, each as often as one likes. */
function readTags(params: URLSearchParams): Map<string, string> {
  const tags = new Map<string, string>();
  for (const tag of params.getAll("tag")) {
    const colon = tag.indexOf(":");
    if (colon < 0) throw new Refused(`malformed 'tag' parameter, expecting key:value, received: ${tag}`);
    tags.set(tag.slice(0, colon), tag.slice(colon + 1));
  }
  for (const text of params.getAll("tags")) {
    const parsed = text === "" ? { problem: "unexpected end of JSON input" } : parseAttributeMap(text);
    if ("problem" in parsed) throw new Refused(`malformed 'tags' parameter, cannot unmarshal JSON: ${parsed.problem}`);
    for (const [key, value] of parsed.attributes) tags.set(key, value);
  }
  return tags;
}

function readTraceId(text: string): string {
  const parsed = parseTraceId(text, true);
  if ("problem" in parsed) throw new Refused(`cannot parse traceID param: ${parsed.problem}`);
  return parsed.traceId;
}

function unparsable(name: string, problem: string): string {
  return `unable to parse param '${name}': ${problem}`;
}
