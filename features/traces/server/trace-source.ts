import type { DownloadFormat, Operation, SearchNote, TraceSummary } from "@/features/traces/contract";
import type { RequestSpan } from "@/lib/request-spans";
import type { ByteSink } from "./threads/arriving-bytes";

/** A search with its window settled. Times in epoch microseconds. */
export type SourceSearch = {
  service: string | undefined;
  operation: string | undefined;
  attributes: Record<string, string>;
  startUs: number;
  endUs: number;
  /** A span at least this long; a hint that saves work, the caller filters traces itself. */
  minDurationUs: number | undefined;
  /** How many traces to ask for. */
  depth: number;
};

/**
 * A summary with what only some sources tell: versions of services that name any, every request but the one that begins
 * the trace, and whether that one failed itself.
 */
export type SourceSummary = TraceSummary & {
  versions?: { service: string; version: string }[];
  requests?: readonly RequestSpan[];
  isRootFailed?: boolean;
};

/** `isFull`: at least as many came as were asked for, so more may exist. Order is the source's. */
export type SourceAnswer = { summaries: SourceSummary[]; isFull: boolean; notes: SearchNote[]; latencyMs: number };

/** A trace as the source has it: JSON of OTLP or Jaeger's older API. */
export type TraceText = { bytes: Buffer; latencyMs: number };

/** How a whole trace is read: within how much, and where its bytes go as they come. */
export type TraceReading = { maxBytes?: number | undefined; into?: ByteSink | undefined };

/**
 * Where traces are read from. Every method rejects with `upstream_*`, or with `not_found` and `invalid_input` where the
 * question is at fault, and with the abort of `signal`.
 */
export type TraceSource = {
  searchTraces(search: SourceSearch, signal?: AbortSignal): Promise<SourceAnswer>;
  readTrace(traceId: string, signal?: AbortSignal, reading?: TraceReading): Promise<TraceText>;
  /** The trace in the format asked for, or undefined where the source does not speak it. */
  readTraceAs(
    traceId: string,
    format: DownloadFormat,
    signal?: AbortSignal,
    reading?: TraceReading,
  ): Promise<Buffer | undefined>;
  listServices(signal?: AbortSignal): Promise<string[]>;
  listOperations(service: string, signal?: AbortSignal): Promise<Operation[]>;
};
