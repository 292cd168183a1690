import type { Operation, SearchNote, TraceSummary } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { decodeTraces } from "../decoding/decode-traces";
import { toGetOptions } from "../jaeger/big-answers";
import type { JaegerHttp } from "../jaeger/jaeger-http";
import { assertGood, type JaegerReply, parseReply } from "../jaeger/jaeger-reply";
import { summarise } from "../summarise";
import type { SourceAnswer, SourceSearch, TraceReading, TraceText } from "../trace-source";
import { legacyNamesSchema } from "./schemas";

const NO_PARAMS = new URLSearchParams();
/** Services asked one by one when a search names none, which the older API cannot do. */
const MAX_SERVICES = 20;

/** Jaeger's older API: searches of Jaeger up to 2.18 and of lookalikes, single traces of every version. */
export class JaegerLegacyClient {
  readonly #http: JaegerHttp;

  constructor(http: JaegerHttp) {
    this.#http = http;
  }

  /** `services` are asked one by one when the search names no service. */
  async searchTraces(search: SourceSearch, services: readonly string[], signal?: AbortSignal): Promise<SourceAnswer> {
    if (search.service !== undefined) return this.#searchService(search, search.service, signal);
    const asked = services.slice(0, MAX_SERVICES);
    const answers = await Promise.all(asked.map((service) => this.#searchService(search, service, signal)));
    const byId = new Map<string, TraceSummary>();
    for (const { summaries } of answers) for (const summary of summaries) byId.set(summary.traceId, summary);
    return {
      summaries: [...byId.values()],
      isFull: answers.some(({ isFull }) => isFull),
      notes: notesOnServices(asked.length, services.length),
      latencyMs: Math.max(0, ...answers.map(({ latencyMs }) => latencyMs)),
    };
  }

  async readTrace(traceId: string, signal?: AbortSignal, reading?: TraceReading): Promise<TraceText> {
    const reply = await this.#http.get(`/api/traces/${traceId}`, NO_PARAMS, signal, toGetOptions(reading));
    assertGood(reply, `the trace ${traceId}`);
    return { bytes: reply.body, latencyMs: reply.latencyMs };
  }

  async listServices(signal?: AbortSignal): Promise<string[]> {
    return (await this.#names("/api/services", "the list of services", signal)).sort();
  }

  /** The older list has names only. */
  async listOperations(service: string, signal?: AbortSignal): Promise<Operation[]> {
    const path = `/api/services/${encodeURIComponent(service)}/operations`;
    const names = await this.#names(path, `the operations of ${service}`, signal);
    return names.map((name) => ({ name, spanKind: "unspecified" }));
  }

  async #searchService(search: SourceSearch, service: string, signal?: AbortSignal): Promise<SourceAnswer> {
    const reply = await this.#http.get("/api/traces", toLegacyParams(search, service), signal);
    assertGood(reply, "the search");
    const summaries = summarise(await decoded(reply, signal));
    return { summaries, isFull: summaries.length >= search.depth, notes: [], latencyMs: reply.latencyMs };
  }

  async #names(path: string, what: string, signal?: AbortSignal): Promise<string[]> {
    const reply = await this.#http.get(path, NO_PARAMS, signal);
    const result = legacyNamesSchema.safeParse(parseReply(reply, what));
    if (result.success) return result.data.data ?? [];
    throw new AppError("upstream_invalid", `${reply.from} answered ${what} with JSON of another shape.`, {
      cause: result.error,
    });
  }
}

function toLegacyParams(search: SourceSearch, service: string): URLSearchParams {
  const params = new URLSearchParams({
    service,
    start: String(Math.floor(search.startUs)),
    end: String(Math.floor(search.endUs)),
    limit: String(search.depth),
  });
  if (search.operation !== undefined) params.set("operation", search.operation);
  if (search.minDurationUs !== undefined) params.set("minDuration", `${search.minDurationUs}us`);
  if (Object.keys(search.attributes).length > 0) params.set("tags", JSON.stringify(search.attributes));
  return params;
}

async function decoded(reply: JaegerReply, signal?: AbortSignal) {
  try {
    return await decodeTraces(reply.body, signal);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError("upstream_invalid", `${reply.from} sent traces that make no sense. ${cause.message}`, { cause });
  }
}

function notesOnServices(asked: number, known: number): SearchNote[] {
  const each: SearchNote = {
    code: "asked_each_service",
    text: `This Jaeger searches one service at a time, so ${asked} services were asked one by one.`,
  };
  if (asked === known) return [each];
  return [
    each,
    { code: "services_left_out", text: `${known - asked} more services were not asked. Choose one of them.` },
  ];
}
