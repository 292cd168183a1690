import { AppError } from "@/lib/errors";
import { DecodedDocument } from "./decoded-document";
import { readJaegerTraces } from "./jaeger-decoder";
import { JsonCursor } from "./json-cursor";
import type { ByteSource, ReadSizes } from "./json-text";
import { readResourceSpans } from "./otlp-decoder";
import { eachField, isNext, whole } from "./read-in-turns";

/** Bytes to decode: all of them, or some with a promise that tells of more. */
export type DecodeInput = Buffer | (ByteSource & { more(): Promise<void> });

/**
 * Finds the traces in a JSON document, whichever of these it is: OTLP (`{resourceSpans}`), Jaeger's API v3
 * (`{result: {resourceSpans}}`, also several in a row), Jaeger's older API (`{data: [{spans, processes}]}`).
 * Never blocks the process for longer than a few milliseconds; stops when `signal` aborts. Throws `invalid_input` on
 * text that is not such a document, `payload_too_large` on absurd counts.
 */
export async function decodeTraces(
  input: DecodeInput,
  signal?: AbortSignal,
  sizes?: ReadSizes,
): Promise<DecodedDocument> {
  const cursor = new JsonCursor(input, sizes);
  const document = new DecodedDocument();
  for (const _ of readDocuments(cursor, document)) {
    if (cursor.isStarved && !Buffer.isBuffer(input)) await input.more();
    else await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  document.bytes = cursor.bytes;
  return document;
}

function* readDocuments(cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  let isKnown = false;
  let hasMore = false;
  const look = () => {
    hasMore = cursor.hasMore();
  };
  yield* whole(cursor, look);
  if (!hasMore) throw new AppError("invalid_input", "The document is empty.");
  while (hasMore) {
    yield* eachField(cursor, function* (key) {
      isKnown ||= ["result", "resourceSpans", "data"].includes(key);
      yield* readMember(key, cursor, document);
    });
    yield* whole(cursor, look);
  }
  if (!isKnown && document.errors.length === 0) {
    throw new AppError(
      "invalid_input",
      'The JSON holds no traces: it has neither "resourceSpans" (OpenTelemetry) nor "data" (Jaeger).',
    );
  }
}

function* readMember(key: string, cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  if (key === "result" && (yield* isNext(cursor, "isObject"))) {
    yield* eachField(cursor, (inner) => readList(inner === "resourceSpans" ? inner : "", cursor, document));
  } else if (key === "error" || key === "errors") yield* whole(cursor, () => readErrors(cursor, document));
  else yield* readList(key, cursor, document);
}

function* readList(key: string, cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  const isList = (key === "resourceSpans" || key === "data") && (yield* isNext(cursor, "isArray"));
  if (!isList) yield* whole(cursor, () => cursor.skipValue());
  else if (key === "data") yield* readJaegerTraces(cursor, document);
  else yield* readResourceSpans(cursor, document);
}

/** `{error: {message}}` of API v3, `{errors: [{msg}]}` of the older one. */
function readErrors(cursor: JsonCursor, document: DecodedDocument): void {
  const { start, end } = cursor.skipRange();
  const text = cursor.bytes.toString("utf8", start, Math.min(end, start + 2000));
  for (const [, message] of text.matchAll(/"(?:message|msg)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    document.errors.push(message ?? "");
  }
}
