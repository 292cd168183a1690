import { parseAttributeMap } from "./attribute-map";
import { FALSEHOODS, TRUTHS } from "./go-bool";
import { parseGoDuration } from "./go-duration";
import { parseRfc3339Nanos, rfc3339Complaint } from "./rfc3339";
import { type SpanFilter, toSpanFilter } from "./span-filter";

export type TraceQuery = { filter: SpanFilter; searchDepth: number; isRaw: boolean };
/** A refusal in Jaeger's words and with its status. */
export type QueryRefusal = { status: 400 | 500; message: string };

const DEFAULT_DEPTH = 100;
const MAX_DEPTH = 100_000;

class Refused extends Error {
  readonly status: 400 | 500;
  constructor(message: string, status: 400 | 500 = 400) {
    super(message);
    this.status = status;
  }
}

/** Reads the query of `/api/v3/traces` and `/api/v3/trace-summaries`: camelCase names first, then the older snake_case. */
export function parseTraceQuery(params: URLSearchParams): { query: TraceQuery } | { refusal: QueryRefusal } {
  try {
    return { query: readQuery(params) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: { status: error.status, message: error.message } };
    throw error;
  }
}

function readQuery(params: URLSearchParams): TraceQuery {
  const attributes = readAttributes(params.get("query.attributes") ?? "");
  if ((params.get("query.filter") ?? "") !== "") {
    throw new Refused("query.filter is not supported: enable feature gate jaeger.query.structuredFilters");
  }
  const minStartNs = readTime(params, "query.startTimeMin", "query.start_time_min");
  const maxStartNs = readTime(params, "query.startTimeMax", "query.start_time_max");
  const searchDepth = readDepth(params);
  const minDurationNs = readDuration(params, "query.durationMin", "query.duration_min");
  const maxDurationNs = readDuration(params, "query.durationMax", "query.duration_max");
  const isRaw = readTruth(params, "query.rawTraces", "query.raw_traces");
  if (typeof isRaw === "object") throw new Refused(isRaw.problem);
  if (minStartNs === undefined || maxStartNs === undefined) {
    throw new Refused("query.startTimeMin and query.startTimeMax are required");
  }
  if (searchDepth === 0) throw new Refused("search depth must be greater than 0 and less than max traces", 500);
  const service = readText(params, "query.serviceName", "query.service_name").value;
  const operation = readText(params, "query.operationName", "query.operation_name").value;
  const filter = toSpanFilter({
    service,
    operation,
    minStartNs,
    maxStartNs,
    minDurationNs,
    maxDurationNs,
    attributes,
  });
  return { filter, searchDepth, isRaw };
}

function readText(params: URLSearchParams, name: string, alias: string): { value: string; name: string } {
  const value = params.get(name) ?? "";
  return value === "" ? { value: params.get(alias) ?? "", name: alias } : { value, name };
}

function readTime(params: URLSearchParams, name: string, alias: string): bigint | undefined {
  const found = readText(params, name, alias);
  if (found.value === "") return undefined;
  const nanos = parseRfc3339Nanos(found.value);
  if (nanos !== undefined) return nanos;
  throw new Refused(rfc3339Complaint(found.name, found.value));
}

function readDepth(params: URLSearchParams): number {
  let found = readText(params, "query.searchDepth", "query.search_depth");
  if (found.value === "") found = { value: params.get("query.num_traces") ?? "", name: "query.num_traces" };
  if (found.value === "") return DEFAULT_DEPTH;
  if (!/^\d+$/.test(found.value)) {
    const quoted = JSON.stringify(found.value);
    throw new Refused(`malformed parameter ${found.name}: strconv.ParseUint: parsing ${quoted}: invalid syntax`);
  }
  const depth = Number(found.value);
  if (depth > MAX_DEPTH) throw new Refused("search depth must be greater than 0 and less than max traces", 500);
  return depth;
}

/** Zero means "any", as in Jaeger. */
function readDuration(params: URLSearchParams, name: string, alias: string): bigint | undefined {
  const found = readText(params, name, alias);
  if (found.value === "") return undefined;
  const parsed = parseGoDuration(found.value);
  if ("problem" in parsed) throw new Refused(`malformed parameter ${found.name}: ${parsed.problem}`);
  return parsed.ns === 0n ? undefined : parsed.ns;
}

/** A Go boolean under either name; absent is false. */
export function readTruth(params: URLSearchParams, name: string, alias: string): boolean | { problem: string } {
  const found = readText(params, name, alias);
  if (found.value === "" || FALSEHOODS.has(found.value)) return false;
  if (TRUTHS.has(found.value)) return true;
  const quoted = JSON.stringify(found.value);
  return { problem: `malformed parameter ${found.name}: strconv.ParseBool: parsing ${quoted}: invalid syntax` };
}

function readAttributes(text: string): Map<string, string> {
  const parsed = parseAttributeMap(text);
  if ("problem" in parsed) throw new Refused(`malformed parameter query.attributes: ${parsed.problem}`);
  return parsed.attributes;
}
