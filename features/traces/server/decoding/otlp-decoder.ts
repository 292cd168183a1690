import { SPAN_FLAGS } from "@/features/traces/domain/trace-skeleton";
import type { DecodedDocument } from "./decoded-document";
import type { JsonCursor } from "./json-cursor";
import { readAttribute } from "./otlp-attribute";
import { eachField, eachItem, eachWholeItem, whole } from "./read-in-turns";
import { emptyDraft, readSpanId, resetDraft, toTraceId } from "./span-reading";
import { SpanTexts } from "./span-texts";

const STATUS_ERROR = 2;
/** Jaeger's own warnings about a span travel as an attribute. */
const WARNINGS_KEY = "@jaeger@warnings";
const KIND_NAMES: Record<string, number> = {
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
};

/**
 * Reads the array of `resourceSpans` the cursor stands on into `document`. Yields every few thousand spans, so that the
 * caller can let other work in, and when the text has not all come. Keys may come in any order; unknown ones are skipped.
 */
export function* readResourceSpans(cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  yield* eachItem(cursor, function* () {
    const group = document.groups.push({ service: "", range: { start: 0, end: 0 } }) - 1;
    yield* eachField(cursor, function* (key) {
      if (key === "resource") yield* whole(cursor, () => readResource(cursor, document, group));
      else if (key === "scopeSpans") yield* readScopeSpans(cursor, document, group);
      else yield* whole(cursor, () => cursor.skipValue());
    });
  });
}

function readResource(cursor: JsonCursor, document: DecodedDocument, group: number): void {
  const { start, end } = cursor.skipRange();
  document.groups[group] = { service: "", range: { start, end } };
  cursor.at = start;
  cursor.openObject();
  for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
    if (key !== "attributes" || !cursor.isArray()) {
      cursor.skipValue();
      continue;
    }
    cursor.openArray();
    while (cursor.nextItem()) {
      const attribute = readAttribute(cursor, (name) => name === "service.name");
      if (attribute?.key === "service.name")
        document.groups[group] = { service: attribute.text, range: { start, end } };
    }
  }
}

function* readScopeSpans(cursor: JsonCursor, document: DecodedDocument, group: number): Generator<void> {
  yield* eachItem(cursor, function* () {
    const scope = document.scopes.push({ start: 0, end: 0 }) - 1;
    yield* eachField(cursor, function* (key) {
      if (key === "spans") yield* readSpans(cursor, document, { group, scope });
      else
        yield* whole(cursor, () => {
          const range = cursor.skipRange();
          if (key === "scope") document.scopes[scope] = range;
        });
    });
  });
}

function* readSpans(
  cursor: JsonCursor,
  document: DecodedDocument,
  place: { group: number; scope: number },
): Generator<void> {
  const reader = new OtlpSpanReader(cursor, document);
  yield* eachWholeItem(cursor, document, () => reader.read(place));
}

/** Reads one span after the other into the same draft. */
class OtlpSpanReader {
  readonly #draft = emptyDraft();
  readonly #texts = new SpanTexts(this.#draft);
  readonly #cursor: JsonCursor;
  readonly #document: DecodedDocument;
  #traceId = "";
  #rawTraceId = "";

  constructor(cursor: JsonCursor, document: DecodedDocument) {
    this.#cursor = cursor;
    this.#document = document;
  }

  read({ group, scope }: { group: number; scope: number }): void {
    const cursor = this.#cursor;
    const draft = this.#draft;
    resetDraft(draft);
    this.#texts.begin();
    draft.group = group;
    draft.scope = scope;
    cursor.openObject();
    draft.byteStart = cursor.at - 1;
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) this.#readField(key);
    draft.byteEnd = cursor.at;
    this.#document.addSpan(this.#traceId, draft);
  }

  #readField(key: string): void {
    const cursor = this.#cursor;
    const draft = this.#draft;
    switch (key) {
      case "traceId":
        this.#readTraceId();
        break;
      case "spanId":
      case "parentSpanId":
        this.#readId(key);
        break;
      case "name":
        draft.name = cursor.readStringOrSkip();
        break;
      case "kind":
        draft.kind = this.#readKind();
        break;
      case "startTimeUnixNano":
        draft.startUs = cursor.readNanosAsMicros();
        break;
      case "endTimeUnixNano":
        draft.endUs = cursor.readNanosAsMicros();
        break;
      case "attributes":
        this.#readAttributes();
        break;
      case "status":
        this.#readStatus();
        break;
      case "events":
        this.#readPresence(SPAN_FLAGS.hasEvents);
        break;
      case "links":
        this.#readPresence(SPAN_FLAGS.hasLinks);
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

  #readId(key: "spanId" | "parentSpanId"): void {
    const { high, low } = readSpanId(this.#cursor);
    if (key === "spanId") {
      this.#draft.idHigh = high;
      this.#draft.idLow = low;
    } else {
      this.#draft.parentHigh = high;
      this.#draft.parentLow = low;
    }
  }

  #readKind(): number {
    if (this.#cursor.isString()) return KIND_NAMES[this.#cursor.readString()] ?? 0;
    const kind = this.#cursor.readNumber();
    return kind >= 0 && kind <= 5 ? Math.trunc(kind) : 0;
  }

  #readStatus(): void {
    const cursor = this.#cursor;
    if (!cursor.isObject()) {
      cursor.skipValue();
      return;
    }
    cursor.openObject();
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
      if (key !== "code") cursor.skipValue();
      else if (cursor.isString()) this.#markError(cursor.readString() === "STATUS_CODE_ERROR");
      else this.#markError(cursor.readNumber() === STATUS_ERROR);
    }
  }

  #markError(isError: boolean): void {
    if (isError) this.#draft.flags |= SPAN_FLAGS.error;
  }

  /** Whether a list has anything in it. */
  #readPresence(flag: number): void {
    const { start, end } = this.#cursor.skipRange();
    const isFilled = this.#cursor.bytes.subarray(start, Math.min(end, start + 64)).includes(0x7b);
    if (isFilled) this.#draft.flags |= flag;
  }

  #readAttributes(): void {
    const cursor = this.#cursor;
    if (!cursor.isArray()) {
      cursor.skipValue();
      return;
    }
    cursor.openArray();
    while (cursor.nextItem()) {
      const attribute = readAttribute(cursor, this.#isWanted);
      if (attribute === undefined) continue;
      if (attribute.key === WARNINGS_KEY) {
        this.#draft.flags |= SPAN_FLAGS.hasWarnings;
        for (const text of attribute.texts) this.#document.warn(text);
        continue;
      }
      this.#texts.takeText(attribute.key, attribute.text);
    }
  }

  readonly #isWanted = (key: string): boolean => key === WARNINGS_KEY || this.#texts.takeKey(key);
}
