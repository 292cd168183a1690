import { AppError } from "@/lib/errors";
import { DecodedDocument } from "./decoded-document";
import { readJaegerTraces } from "./jaeger-decoder";
import { JsonCursor } from "./json-cursor";
import { readResourceSpans } from "./otlp-decoder";

/**
 * Finds the traces in a JSON document, whichever of these it is: OTLP (`{resourceSpans}`), Jaeger's API v3
 * (`{result: {resourceSpans}}`, also several in a row), Jaeger's older API (`{data: [{spans, processes}]}`).
 * Never blocks the process for longer than a few milliseconds; stops when `signal` aborts. Throws `invalid_input` on
 * text that is not such a document, `payload_too_large` on absurd counts.
 */
export async function decodeTraces(bytes: Buffer, signal?: AbortSignal): Promise<DecodedDocument> {
  const document = new DecodedDocument(bytes);
  for (const _ of readDocuments(new JsonCursor(bytes), document)) {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  return document;
}

function* readDocuments(cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  if (!cursor.hasMore()) throw new AppError("invalid_input", "The document is empty.");
  let isKnown = false;
  while (cursor.hasMore()) {
    cursor.openObject();
    for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
      isKnown ||= ["result", "resourceSpans", "data"].includes(key);
      yield* readMember(key, cursor, document);
    }
  }
  if (!isKnown && document.errors.length === 0) {
    throw new AppError(
      "invalid_input",
      'The JSON holds no traces: it has neither "resourceSpans" (OpenTelemetry) nor "data" (Jaeger).',
    );
  }
}

function* readMember(key: string, cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  if (key === "result" && cursor.isObject()) yield* readResult(cursor, document);
  else if (key === "resourceSpans" && cursor.isArray()) yield* readResourceSpans(cursor, document);
  else if (key === "data" && cursor.isArray()) yield* readJaegerTraces(cursor, document);
  else if (key === "error" || key === "errors") readErrors(cursor, document);
  else cursor.skipValue();
}

function* readResult(cursor: JsonCursor, document: DecodedDocument): Generator<void> {
  cursor.openObject();
  for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
    if (key === "resourceSpans" && cursor.isArray()) yield* readResourceSpans(cursor, document);
    else cursor.skipValue();
  }
}

/** `{error: {message}}` of API v3, `{errors: [{msg}]}` of the older one. */
function readErrors(cursor: JsonCursor, document: DecodedDocument): void {
  const { start, end } = cursor.skipRange();
  const text = cursor.bytes.toString("utf8", start, Math.min(end, start + 2000));
  for (const [, message] of text.matchAll(/"(?:message|msg)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    document.errors.push(message ?? "");
  }
}
