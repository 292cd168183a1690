import type { TraceFacts } from "@/features/traces/contract";
import { buildSkeleton } from "@/features/traces/domain/build-skeleton";
import type { SpanTable } from "@/features/traces/domain/span-table";
import { computeFacts, computeVersion } from "@/features/traces/domain/trace-facts";
import type { TraceSkeleton } from "@/features/traces/domain/trace-skeleton";
import { AppError } from "@/lib/errors";
import { MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import type { DecodedDocument } from "./decoding/decoded-document";

/** Spans are sent in batches every few seconds; two minutes after its last end a trace is taken to be whole. */
const SETTLED_AFTER_MS = 2 * MS_PER_MINUTE;
/** What the columns of a span take beside its text. */
const COLUMN_BYTES = 130;

/** A trace in memory: the columns, and the text its details are read from. */
export type OpenTrace = {
  /** The id it is opened by; an uploaded trace has one beside its own. */
  traceId: string;
  /** The id its spans carry. */
  ownTraceId: string;
  version: string;
  skeleton: TraceSkeleton;
  /** Row of the skeleton → row of `table`. */
  sourceRows: Uint32Array;
  table: SpanTable;
  document: DecodedDocument;
  facts: Omit<TraceFacts, "expectedSpanCount">;
  openedAtMs: number;
  sizeBytes: number;
};

/** Builds the trace `traceId` out of a document; `not_found` when the document has none of its spans. */
export function toOpenTrace(document: DecodedDocument, traceId: string, nowMs: number): OpenTrace {
  const table = document.traces.get(traceId.padStart(32, "0"));
  if (table === undefined) {
    const [reason] = document.errors;
    throw new AppError("not_found", `The trace ${traceId} does not exist${reason ? ` (${reason})` : ""}.`);
  }
  const { skeleton, sourceRows } = buildSkeleton(table, document.serviceOfGroups());
  const endMs = (skeleton.startUs + skeleton.durationUs) / US_PER_MS;
  return {
    traceId: traceId.padStart(32, "0"),
    ownTraceId: traceId.padStart(32, "0"),
    version: computeVersion(skeleton),
    skeleton,
    sourceRows,
    table,
    document,
    facts: {
      ...computeFacts(skeleton),
      warnings: [...document.warnings].map(([text, count]) => ({ text, count })),
      isSettled: endMs < nowMs - SETTLED_AFTER_MS,
    },
    openedAtMs: nowMs,
    sizeBytes: document.bytes.length + table.count * COLUMN_BYTES,
  };
}
