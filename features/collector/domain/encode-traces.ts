import { AppError } from "@/lib/errors";
import {
  encodeAttributes,
  encodeText,
  idBytes,
  isRecord,
  type JsonRecord,
  listOf,
  nanosOf,
  wholeOf,
} from "./json-fields";
import { WireWriter } from "./wire-writer";

/**
 * Turns an OTLP/JSON request into the same request in protobuf, so both encodings share one checker. Accepts what the
 * specification lets a receiver meet: camelCase or snake_case names, 64-bit numbers as text or numbers, enums as numbers
 * or names, unknown fields. Ids that are not hexadecimal become empty: the checker then rejects that span alone.
 */
export function encodeTraces(body: unknown): Buffer {
  if (!isRecord(body)) throw new AppError("invalid_input", "The body must be a JSON object.");
  const writer = new WireWriter();
  for (const resourceSpans of listOf(body, "resourceSpans", "resource_spans")) {
    writer.message(1, encodeResourceSpans(resourceSpans));
  }
  return writer.finish();
}

function encodeResourceSpans(value: JsonRecord): WireWriter {
  const writer = new WireWriter();
  if (isRecord(value.resource)) {
    const resource = new WireWriter();
    encodeAttributes(resource, 1, value.resource);
    encodeCount(resource, 2, value.resource, "droppedAttributesCount", "dropped_attributes_count");
    writer.message(1, resource);
  }
  for (const scopeSpans of listOf(value, "scopeSpans", "scope_spans")) {
    writer.message(2, encodeScopeSpans(scopeSpans));
  }
  encodeText(writer, 3, value.schemaUrl ?? value.schema_url);
  return writer;
}

function encodeScopeSpans(value: JsonRecord): WireWriter {
  const writer = new WireWriter();
  if (isRecord(value.scope)) {
    const scope = new WireWriter();
    encodeText(scope, 1, value.scope.name);
    encodeText(scope, 2, value.scope.version);
    encodeAttributes(scope, 3, value.scope);
    encodeCount(scope, 4, value.scope, "droppedAttributesCount", "dropped_attributes_count");
    writer.message(1, scope);
  }
  for (const span of listOf(value, "spans", "spans")) writer.message(2, encodeSpan(span));
  encodeText(writer, 3, value.schemaUrl ?? value.schema_url);
  return writer;
}

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (name) => `SPAN_KIND_${name}`,
);
const STATUSES = ["UNSET", "OK", "ERROR"].map((name) => `STATUS_CODE_${name}`);

function encodeSpan(span: JsonRecord): WireWriter {
  const writer = new WireWriter();
  writer.bytes(1, idBytes(span.traceId ?? span.trace_id));
  writer.bytes(2, idBytes(span.spanId ?? span.span_id));
  encodeText(writer, 3, span.traceState ?? span.trace_state);
  const parentId = span.parentSpanId ?? span.parent_span_id;
  // A parent of all zeros is how some exporters spell "none".
  if (typeof parentId === "string" && !/^0*$/.test(parentId)) writer.bytes(4, idBytes(parentId));
  encodeText(writer, 5, span.name);
  encodeNumber(writer, 6, enumOf(span.kind, KINDS));
  encodeNanos(writer, 7, span.startTimeUnixNano ?? span.start_time_unix_nano);
  encodeNanos(writer, 8, span.endTimeUnixNano ?? span.end_time_unix_nano);
  encodeAttributes(writer, 9, span);
  encodeCount(writer, 10, span, "droppedAttributesCount", "dropped_attributes_count");
  for (const event of listOf(span, "events", "events")) writer.message(11, encodeEvent(event));
  encodeCount(writer, 12, span, "droppedEventsCount", "dropped_events_count");
  for (const link of listOf(span, "links", "links")) writer.message(13, encodeLink(link));
  encodeCount(writer, 14, span, "droppedLinksCount", "dropped_links_count");
  if (isRecord(span.status)) {
    const status = new WireWriter();
    encodeText(status, 2, span.status.message);
    encodeNumber(status, 3, enumOf(span.status.code, STATUSES));
    writer.message(15, status);
  }
  const flags = wholeOf(span.flags);
  if (flags > 0) writer.fixed32(16, flags);
  return writer;
}

function encodeEvent(event: JsonRecord): WireWriter {
  const writer = new WireWriter();
  encodeNanos(writer, 1, event.timeUnixNano ?? event.time_unix_nano);
  encodeText(writer, 2, event.name);
  encodeAttributes(writer, 3, event);
  encodeCount(writer, 4, event, "droppedAttributesCount", "dropped_attributes_count");
  return writer;
}

function encodeLink(link: JsonRecord): WireWriter {
  const writer = new WireWriter();
  writer.bytes(1, idBytes(link.traceId ?? link.trace_id));
  writer.bytes(2, idBytes(link.spanId ?? link.span_id));
  encodeText(writer, 3, link.traceState ?? link.trace_state);
  encodeAttributes(writer, 4, link);
  encodeCount(writer, 5, link, "droppedAttributesCount", "dropped_attributes_count");
  const flags = wholeOf(link.flags);
  if (flags > 0) writer.fixed32(6, flags);
  return writer;
}

function encodeNumber(writer: WireWriter, field: number, value: number): void {
  if (value > 0) writer.number(field, value);
}

function encodeCount(writer: WireWriter, field: number, holder: JsonRecord, name: string, alias: string): void {
  encodeNumber(writer, field, wholeOf(holder[name] ?? holder[alias]));
}

function encodeNanos(writer: WireWriter, field: number, value: unknown): void {
  const nanos = nanosOf(value);
  if (nanos !== 0n) writer.fixed64(field, nanos);
}

function enumOf(value: unknown, names: string[]): number {
  if (typeof value === "string") {
    const at = names.indexOf(value);
    if (at >= 0) return at;
  }
  return wholeOf(value);
}
