import { SPAN_FLAGS, SPAN_KINDS } from "@/features/traces/domain/trace-skeleton";
import type { DecodedDocument } from "./decoded-document";
import type { JsonCursor } from "./json-cursor";
import { eachField, eachItem, eachWholeItem, isNext, whole } from "./read-in-turns";
import { emptyDraft, idHalves, readSpanId, resetDraft, toTraceId } from "./span-reading";
import { SpanTexts } from "./span-texts";

/**
 * Reads the array `data` of Jaeger's older API (`{traceID, spans, processes, warnings}` each) into `document`. Yields
 * every few thousand spans. Jaeger's "tags" are our attributes, its "logs" our events, its "process" our resource.
 */
export function* readJaegerTraces(cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  document.format = "jaeger";
  yield* eachItem(cursor, function* () {
    const processes = new ProcessTable(document);
    yield* eachField(cursor, function* (key) {
      if (key === "spans" && (yield* isNext(cursor, "isArray"))) yield* readSpans(cursor, document, processes);
      else yield* whole(cursor, () => readOther(key, cursor, processes));
    });
  });
}

function readOther(key: string, cursor: JsonCursor, processes: ProcessTable): void {
  if (key === "processes" && cursor.isObject()) readProcesses(cursor, processes);
  else if (key === "warnings") readWarnings(cursor, processes.document);
  else cursor.skipValue();
}

/** The processes of one trace by their local name ("p1"); spans usually come before them. */
class ProcessTable {
  readonly #groupOf = new Map<string, number>();
  readonly document: DecodedDocument;

  constructor(document: DecodedDocument) {
    this.document = document;
  }

  groupOf(processId: string): number {
    const known = this.#groupOf.get(processId);
    if (known !== undefined) return known;
    const group = this.document.groups.push({ service: "", range: { start: 0, end: 0 } }) - 1;
    this.#groupOf.set(processId, group);
    return group;
  }
}

function readProcesses(cursor: JsonCursor, processes: ProcessTable): void {
  cursor.openObject();
  for (let id = cursor.nextKey(); id !== undefined; id = cursor.nextKey()) {
    const group = processes.groupOf(id);
    const range = cursor.skipRange();
    cursor.at = range.start;
    let service = "";
    cursor.openObject();
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
      if (key === "serviceName") service = cursor.readStringOrSkip();
      else cursor.skipValue();
    }
    processes.document.groups[group] = { service, range };
  }
}

function readWarnings(cursor: JsonCursor, document: DecodedDocument): number {
  if (!cursor.isArray()) {
    cursor.skipValue();
    return 0;
  }
  let count = 0;
  cursor.openArray();
  while (cursor.nextItem()) {
    document.warn(cursor.readStringOrSkip());
    count += 1;
  }
  return count;
}

function* readSpans(cursor: JsonCursor, document: DecodedDocument, processes: ProcessTable): Generator<void> {
  const reader = new JaegerSpanReader(cursor, document, processes);
  yield* eachWholeItem(cursor, document, () => reader.read());
}

type Reference = { type: string; traceId: string; spanId: string };

class JaegerSpanReader {
  readonly #draft = emptyDraft();
  readonly #texts = new SpanTexts(this.#draft);
  readonly #cursor: JsonCursor;
  readonly #document: DecodedDocument;
  readonly #processes: ProcessTable;
  #traceId = "";
  #rawTraceId = "";
  #durationUs = 0;
  #references: Reference[] = [];

  constructor(cursor: JsonCursor, document: DecodedDocument, processes: ProcessTable) {
    this.#cursor = cursor;
    this.#document = document;
    this.#processes = processes;
  }

  read(): void {
    const cursor = this.#cursor;
    const draft = this.#draft;
    resetDraft(draft);
    this.#texts.begin();
    this.#durationUs = 0;
    this.#references = [];
    cursor.openObject();
    draft.byteStart = cursor.at - 1;
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) this.#readField(key);
    draft.byteEnd = cursor.at;
    draft.endUs = draft.startUs + this.#durationUs;
    this.#applyReferences();
    this.#document.addSpan(this.#traceId, draft);
  }

  #readField(key: string): void {
    const cursor = this.#cursor;
    const draft = this.#draft;
    switch (key) {
      case "traceID":
        this.#readTraceId();
        break;
      case "spanID":
        this.#readSpanId();
        break;
      case "operationName":
        draft.name = cursor.readStringOrSkip();
        break;
      case "startTime":
        draft.startUs = toMicros(cursor.readNumber());
        break;
      case "duration":
        this.#durationUs = toMicros(cursor.readNumber());
        break;
      case "processID":
        draft.group = this.#processes.groupOf(cursor.readStringOrSkip());
        break;
      case "references":
        this.#references = readReferences(cursor);
        break;
      case "tags":
        this.#readTags();
        break;
      case "logs":
        this.#readLogs();
        break;
      case "warnings":
        if (readWarnings(cursor, this.#document) > 0) draft.flags |= SPAN_FLAGS.hasWarnings;
        break;
      default:
        cursor.skipValue();
    }
  }

  #readTraceId(): void {
    const raw = this.#cursor.readString();
    if (raw === this.#rawTraceId) return;
    this.#traceId = toTraceId(raw);
    this.#rawTraceId = raw;
  }

  #readSpanId(): void {
    const { high, low } = readSpanId(this.#cursor);
    this.#draft.idHigh = high;
    this.#draft.idLow = low;
  }

  #readLogs(): void {
    const { start, end } = this.#cursor.skipRange();
    if (this.#cursor.bytes.subarray(start, Math.min(end, start + 64)).includes(0x7b)) {
      this.#draft.flags |= SPAN_FLAGS.hasEvents;
    }
  }

  /** The parent is the first CHILD_OF in this trace, else the first FOLLOWS_FROM in it; the rest are links. */
  #applyReferences(): void {
    const own = this.#references.filter(({ traceId }) => traceId === this.#rawTraceId);
    const parent = own.find(({ type }) => type === "CHILD_OF") ?? own[0];
    if (this.#references.some((reference) => reference !== parent)) this.#draft.flags |= SPAN_FLAGS.hasLinks;
    if (parent === undefined) return;
    const { high, low } = idHalves(parent.spanId);
    this.#draft.parentHigh = high;
    this.#draft.parentLow = low;
  }

  #readTags(): void {
    const cursor = this.#cursor;
    if (!cursor.isArray()) {
      cursor.skipValue();
      return;
    }
    cursor.openArray();
    while (cursor.nextItem()) {
      let name = "";
      cursor.openObject();
      for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
        if (key === "key") name = cursor.readStringOrSkip();
        else if (key === "value") this.#readTag(name);
        else cursor.skipValue();
      }
    }
  }

  #readTag(name: string): void {
    const cursor = this.#cursor;
    const draft = this.#draft;
    if (name === "error") {
      if (cursor.readTruth()) draft.flags |= SPAN_FLAGS.error;
    } else if (name === "otel.status_code") {
      if (cursor.readStringOrSkip() === "ERROR") draft.flags |= SPAN_FLAGS.error;
    } else if (name === "span.kind") {
      draft.kind = Math.max(0, KINDS.indexOf(cursor.readStringOrSkip()));
    } else if (this.#texts.takeKey(name)) this.#texts.takeText(name, cursor.readStringOrSkip());
    else cursor.skipValue();
  }
}

const KINDS: readonly string[] = SPAN_KINDS;

function readReferences(cursor: JsonCursor): Reference[] {
  if (!cursor.isArray()) {
    cursor.skipValue();
    return [];
  }
  const references: Reference[] = [];
  cursor.openArray();
  while (cursor.nextItem()) {
    const reference: Reference = { type: "", traceId: "", spanId: "" };
    cursor.openObject();
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
      if (key === "refType") reference.type = cursor.readStringOrSkip();
      else if (key === "traceID") reference.traceId = cursor.readStringOrSkip();
      else if (key === "spanID") reference.spanId = cursor.readStringOrSkip();
      else cursor.skipValue();
    }
    references.push(reference);
  }
  return references;
}

/** Whole microseconds; a value that is no time is 0. */
function toMicros(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0;
}
