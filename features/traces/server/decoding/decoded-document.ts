import { BACKWARDS_WARNING } from "@/features/traces/domain/backwards-span";
import { type SpanDraft, SpanTable } from "@/features/traces/domain/span-table";
import { SPAN_FLAGS } from "@/features/traces/domain/trace-skeleton";
import { AppError } from "@/lib/errors";

/** A stretch of the document's bytes. */
export type ByteRange = { start: number; end: number };

/** Everything that a resource (OTLP) or process (Jaeger) is to its spans. */
export type SpanGroup = { service: string; range: ByteRange };

export type DocumentFormat = "otlp" | "jaeger";

/** More spans than anyone reads, and than the columns may hold at once. */
const MAX_SPANS = 1_000_000;
/** Spans decoded before other work gets its turn: about 10 ms. */
export const SPANS_PER_TURN = 4096;
const MAX_TRACES = 5_000;
const MAX_WARNING_TEXTS = 50;

/**
 * What a decoder found in a document: per trace a table of spans, and where in the bytes the rest stands. The bytes
 * themselves stay, for {@link ByteRange}s to point into.
 */
export class DecodedDocument {
  format: DocumentFormat = "otlp";
  readonly traces = new Map<string, SpanTable>();
  readonly groups: SpanGroup[] = [];
  readonly scopes: ByteRange[] = [];
  /** Warnings of the source about spans, by text. */
  readonly warnings = new Map<string, number>();
  /** What the source said went wrong instead of (or beside) the spans. */
  readonly errors: string[] = [];
  /** Set when all of it has been read. */
  bytes: Buffer = Buffer.alloc(0);
  spanCount = 0;
  #lastTraceId = "";
  #lastTable = new SpanTable();

  addSpan(traceId: string, draft: SpanDraft): void {
    this.spanCount += 1;
    if (this.spanCount > MAX_SPANS) {
      throw new AppError("payload_too_large", `There are more than ${MAX_SPANS} spans.`);
    }
    if (traceId !== this.#lastTraceId) {
      this.#lastTable = this.tableOf(traceId);
      this.#lastTraceId = traceId;
    }
    if (draft.endUs < draft.startUs && draft.endUs !== 0) {
      draft.flags |= SPAN_FLAGS.hasWarnings;
      this.warn(BACKWARDS_WARNING);
    }
    this.#lastTable.add(draft);
  }

  tableOf(traceId: string): SpanTable {
    const known = this.traces.get(traceId);
    if (known !== undefined) return known;
    if (this.traces.size >= MAX_TRACES) {
      throw new AppError("payload_too_large", `There are more than ${MAX_TRACES} traces.`);
    }
    const table = new SpanTable();
    this.traces.set(traceId, table);
    return table;
  }

  warn(text: string): void {
    if (this.warnings.has(text) || this.warnings.size < MAX_WARNING_TEXTS) {
      this.warnings.set(text, (this.warnings.get(text) ?? 0) + 1);
    }
  }

  serviceOfGroups(): string[] {
    return this.groups.map(({ service }) => service);
  }
}
