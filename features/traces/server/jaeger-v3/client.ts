import type { z } from "zod";
import type { Operation } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { toGetOptions } from "../jaeger/big-answers";
import type { JaegerHttp } from "../jaeger/jaeger-http";
import { assertGood, errorTextOf, type JaegerReply, parseReply } from "../jaeger/jaeger-reply";
import type { SourceAnswer, SourceSearch, TraceReading, TraceText } from "../trace-source";
import { toSpanKind, toSummary, toV3Params } from "./mapping";
import { v3OperationsSchema, v3ServicesSchema, v3SummariesSchema } from "./schemas";

const NO_PARAMS = new URLSearchParams();

/** Jaeger's API v3 over HTTP. Reads by id, services and operations exist in all of Jaeger 2; summaries since 2.19. */
export class JaegerV3Client {
  readonly #http: JaegerHttp;

  constructor(http: JaegerHttp) {
    this.#http = http;
  }

  /** Rejects with `invalid_input` on field `service` where the storage behind Jaeger cannot search without one. */
  async searchTraces(search: SourceSearch, signal?: AbortSignal): Promise<SourceAnswer> {
    const reply = await this.#http.get("/api/v3/trace-summaries", toV3Params(search), signal);
    if (search.service === undefined) assertServiceIsNotNeeded(reply);
    const { summaries } = parsed(v3SummariesSchema, reply, "the search");
    return {
      summaries: summaries.map(toSummary),
      isFull: summaries.length >= search.depth,
      notes: [],
      latencyMs: reply.latencyMs,
    };
  }

  async readTrace(traceId: string, signal?: AbortSignal, reading?: TraceReading): Promise<TraceText> {
    const reply = await this.#http.get(`/api/v3/traces/${traceId}`, NO_PARAMS, signal, toGetOptions(reading));
    assertGood(reply, `the trace ${traceId}`);
    return { bytes: reply.body, latencyMs: reply.latencyMs };
  }

  async listServices(signal?: AbortSignal): Promise<string[]> {
    const reply = await this.#http.get("/api/v3/services", NO_PARAMS, signal);
    return [...(parsed(v3ServicesSchema, reply, "the list of services").services ?? [])].sort();
  }

  async listOperations(service: string, signal?: AbortSignal): Promise<Operation[]> {
    const reply = await this.#http.get("/api/v3/operations", new URLSearchParams({ service }), signal);
    const { operations } = parsed(v3OperationsSchema, reply, `the operations of ${service}`);
    return (operations ?? []).map(({ name, spanKind }) => ({ name, spanKind: toSpanKind(spanKind) }));
  }
}

function parsed<S extends z.ZodType>(schema: S, reply: JaegerReply, what: string): z.output<S> {
  const result = schema.safeParse(parseReply(reply, what));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError(
    "upstream_invalid",
    `${reply.from} answered ${what} with JSON of another shape (${issue?.path.join(".") || "whole"}: ${issue?.message ?? "unknown"}).`,
    { cause: result.error },
  );
}

function assertServiceIsNotNeeded(reply: JaegerReply): void {
  if (reply.status !== 400 || !/service/i.test(errorTextOf(reply))) return;
  throw new AppError("invalid_input", "The storage behind this Jaeger cannot search without a service. Choose one.", {
    problems: [{ field: "service", message: "is needed by the storage behind this Jaeger" }],
  });
}
