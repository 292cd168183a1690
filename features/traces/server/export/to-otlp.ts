import type { Attribute, AttributeValue } from "@/features/traces/contract";
import { SPAN_KINDS } from "@/features/traces/domain/trace-skeleton";
import { JsonCursor } from "../decoding/json-cursor";
import type { WholeSpan } from "../decoding/read-span";

/** Jaeger's API v3 wraps OTLP in `{result: …}`, once or several times in a row; a file has one plain `resourceSpans`. */
export function unwrapOtlp(bytes: Buffer): Buffer {
  const cursor = new JsonCursor(bytes);
  const lists: Buffer[] = [];
  while (cursor.hasMore()) collectLists(cursor, bytes, lists);
  const filled = lists.filter((list) => list.toString("latin1", 0, 64).trim() !== "");
  const joined = filled.flatMap((list, at) => (at === 0 ? [list] : [Buffer.from(","), list]));
  return Buffer.concat([Buffer.from('{"resourceSpans":['), ...joined, Buffer.from("]}")]);
}

/** The inside of each `resourceSpans` in the object the cursor stands on. */
function collectLists(cursor: JsonCursor, bytes: Buffer, lists: Buffer[]): void {
  cursor.openObject();
  for (let key = cursor.nextKey(); key !== undefined; key = cursor.nextKey()) {
    if (key === "result" && cursor.isObject()) {
      cursor.openObject();
      for (let inner = cursor.nextKey(); inner !== undefined; inner = cursor.nextKey()) {
        collectList(inner, cursor, bytes, lists);
      }
    } else collectList(key, cursor, bytes, lists);
  }
}

function collectList(key: string, cursor: JsonCursor, bytes: Buffer, lists: Buffer[]): void {
  const isList = key === "resourceSpans" && cursor.isArray();
  const { start, end } = cursor.skipRange();
  if (isList) lists.push(bytes.subarray(start + 1, end - 1));
}

/** Spans as an OTLP document, for sources that speak only Jaeger's older format. */
export function toOtlp(traceId: string, spans: readonly WholeSpan[]): string {
  const groups = new Map<string, WholeSpan[]>();
  for (const span of spans) {
    const key = JSON.stringify([span.resource, span.scope]);
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  const resourceSpans = [...groups.values()].map((group) => ({
    resource: { attributes: (group[0]?.resource ?? []).map(toKeyValue) },
    scopeSpans: [{ scope: group[0]?.scope, spans: group.map((span) => toOtlpSpan(traceId, span)) }],
  }));
  return JSON.stringify({ resourceSpans });
}

function toOtlpSpan(traceId: string, span: WholeSpan) {
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    ...(span.traceState === "" ? {} : { traceState: span.traceState }),
    name: span.name,
    kind: SPAN_KINDS.indexOf(span.kind),
    startTimeUnixNano: toNanos(span.startUs),
    endTimeUnixNano: toNanos(span.startUs + span.durationUs),
    attributes: [...span.attributes, ...warningsOf(span)].map(toKeyValue),
    events: span.events.map(({ name, timeUs, attributes }) => ({
      name,
      timeUnixNano: toNanos(timeUs),
      attributes: attributes.map(toKeyValue),
    })),
    links: span.links.map((link) => ({ ...link, attributes: link.attributes.map(toKeyValue) })),
    status: { code: { unset: 0, ok: 1, error: 2 }[span.status.code], message: span.status.message },
  };
}

/** As Jaeger writes them into OTLP. */
function warningsOf({ warnings }: WholeSpan): Attribute[] {
  return warnings.length === 0 ? [] : [{ key: "@jaeger@warnings", type: "array", value: warnings }];
}

function toKeyValue({ key, type, value }: Attribute) {
  if (type === "int") return { key, value: { intValue: String(value) } };
  if (type === "double") return { key, value: { doubleValue: value } };
  if (type === "bytes") return { key, value: { bytesValue: value } };
  return { key, value: toAnyValue(value) };
}

function toAnyValue(value: AttributeValue): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  const values = Object.entries(value).map(([key, item]) => ({ key, value: toAnyValue(item) }));
  return { kvlistValue: { values } };
}

function toNanos(micros: number): string {
  return String(BigInt(Math.trunc(micros)) * 1000n);
}
