import type { TraceFacts } from "@/features/traces/contract";
import { putClocksRight } from "@/features/traces/domain/put-clocks-right";
import type { SpanTable } from "@/features/traces/domain/span-table";
import { computeFacts, computeVersion } from "@/features/traces/domain/trace-facts";
import type { TraceSkeleton } from "@/features/traces/domain/trace-skeleton";
import { AppError } from "@/lib/errors";
import { MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import type { ByteRange, DecodedDocument, DocumentFormat } from "./decoding/decoded-document";

/** Spans are sent in batches every few seconds; two minutes after its last end a trace is taken to be whole. */
const SETTLED_AFTER_MS = 2 * MS_PER_MINUTE;
/** What the columns of a span take beside its text. */
const COLUMN_BYTES = 80;

/** The text of a trace and where each span stands in it. Columns and no objects: another thread sees the same memory. */
export type TraceText = {
  format: DocumentFormat;
  bytes: Buffer;
  /** Per row of the skeleton. */
  spanStart: Uint32Array;
  spanEnd: Uint32Array;
  /** The parent a span names, in halves; also when it is missing. */
  parentHigh: Uint32Array;
  parentLow: Uint32Array;
  /** Resource (OTLP) or process (Jaeger) of a row, and its scope; -1 for none. */
  group: Int32Array;
  scope: Int32Array;
  /** Start and end of each in turn. */
  groupRanges: Uint32Array;
  scopeRanges: Uint32Array;
};

/** A trace in memory: the columns, and the text its details are read from. */
export type OpenTrace = {
  /** The id it is opened by; an uploaded trace has one beside its own. */
  traceId: string;
  /** The id its spans carry. */
  ownTraceId: string;
  version: string;
  skeleton: TraceSkeleton;
  text: TraceText;
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
  const { skeleton, sourceRows } = putClocksRight(table, document.serviceOfGroups());
  const endMs = (skeleton.startUs + skeleton.durationUs) / US_PER_MS;
  return {
    traceId: traceId.padStart(32, "0"),
    ownTraceId: traceId.padStart(32, "0"),
    version: computeVersion(skeleton),
    skeleton,
    text: toTraceText(document, table, sourceRows),
    facts: {
      ...computeFacts(skeleton),
      warnings: [...document.warnings].map(([text, count]) => ({ text, count })),
      isSettled: endMs < nowMs - SETTLED_AFTER_MS,
    },
    openedAtMs: nowMs,
    sizeBytes: document.bytes.length + table.count * COLUMN_BYTES,
  };
}

function toTraceText(document: DecodedDocument, table: SpanTable, sourceRows: Uint32Array): TraceText {
  const inOrder = (column: Uint32Array) => reordered(column, sourceRows, new Uint32Array(sourceRows.length));
  const indexes = (column: Int32Array) => reordered(column, sourceRows, new Int32Array(sourceRows.length));
  return {
    format: document.format,
    bytes: document.bytes,
    spanStart: inOrder(table.byteStart),
    spanEnd: inOrder(table.byteEnd),
    parentHigh: inOrder(table.parentHigh),
    parentLow: inOrder(table.parentLow),
    group: indexes(table.group),
    scope: indexes(table.scope),
    groupRanges: toPairs(document.groups.map(({ range }) => range)),
    scopeRanges: toPairs(document.scopes),
  };
}

/** A plain loop: `map` and `from` call a function for each of 100,000 rows, which took 15 times as long. */
function reordered<T extends Uint32Array | Int32Array>(column: T, sourceRows: Uint32Array, into: T): T {
  for (let row = 0; row < sourceRows.length; row += 1) into[row] = column[sourceRows[row] ?? 0] ?? 0;
  return into;
}

function toPairs(ranges: readonly ByteRange[]): Uint32Array {
  const pairs = new Uint32Array(ranges.length * 2);
  ranges.forEach(({ start, end }, at) => {
    pairs[2 * at] = start;
    pairs[2 * at + 1] = end;
  });
  return pairs;
}
