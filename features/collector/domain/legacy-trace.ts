import { adjustResource, adjustSpan, WARNINGS_KEY } from "./adjust-span";
import { decodeSpan } from "./decode-span";
import { textOfValue } from "./decode-value";
import type { AnyValueJson, EventJson, KeyValueJson, ScopeJson, SpanJson } from "./otlp-json";
import type { ResourceGroup } from "./trace-groups";

type Tag = { key: string; type: "string" | "bool" | "int64" | "float64" | "binary"; value: string | number | boolean };
type Reference = { refType: "CHILD_OF" | "FOLLOWS_FROM"; traceID: string; spanID: string };
export type LegacySpan = {
  traceID: string;
  spanID: string;
  operationName: string;
  references: Reference[];
  startTime: number;
  duration: number;
  tags: Tag[];
  logs: { timestamp: number; fields: Tag[] }[];
  processID: string;
  warnings: string[] | null;
};
export type LegacyTrace = {
  traceID: string;
  spans: LegacySpan[];
  processes: Record<string, { serviceName: string; tags: Tag[] }>;
  warnings: null;
};

const KIND_TAGS = [undefined, "internal", "server", "client", "producer", "consumer"];
const STATUS_TAGS = [undefined, "OK", "ERROR"];

/** A trace in the shape of Jaeger's older API, which single-trace readers still use. Times are whole microseconds. */
export function toLegacyTrace(traceId: string, groups: readonly ResourceGroup[]): LegacyTrace {
  const processes: LegacyTrace["processes"] = {};
  const spans: LegacySpan[] = [];
  groups.forEach((group, index) => {
    const processId = `p${index + 1}`;
    const attributes = (adjustResource(group.resource).attributes ?? []).filter(({ key }) => key !== "service.name");
    processes[processId] = { serviceName: group.service, tags: attributes.map(toTag) };
    for (const { scope, spans: encoded } of group.scopes) {
      for (const bytes of encoded) spans.push(toLegacySpan(adjustSpan(decodeSpan(bytes)), scope, processId));
    }
  });
  return { traceID: shortId(traceId), spans, processes, warnings: null };
}

function toLegacySpan(span: SpanJson, scope: ScopeJson, processID: string): LegacySpan {
  const startNs = BigInt(span.startTimeUnixNano ?? 0);
  const durationNs = BigInt(span.endTimeUnixNano ?? 0) - startNs;
  return {
    traceID: shortId(span.traceId),
    spanID: span.spanId,
    operationName: span.name,
    references: referencesOf(span),
    startTime: Number(startNs / 1000n),
    duration: Number((durationNs < 0n ? 0n : durationNs) / 1000n),
    tags: tagsOf(span, scope),
    logs: (span.events ?? []).map(toLog),
    processID,
    warnings: warningsOf(span),
  };
}

function referencesOf(span: SpanJson): Reference[] {
  const references: Reference[] = [];
  if (span.parentSpanId !== undefined) {
    references.push({ refType: "CHILD_OF", traceID: shortId(span.traceId), spanID: span.parentSpanId });
  }
  for (const { traceId, spanId, attributes = [] } of span.links ?? []) {
    const refType = attributes.find(({ key }) => key === "opentracing.ref_type")?.value?.stringValue;
    references.push({
      refType: refType === "child_of" ? "CHILD_OF" : "FOLLOWS_FROM",
      traceID: shortId(traceId),
      spanID: spanId,
    });
  }
  return references;
}

function tagsOf(span: SpanJson, scope: ScopeJson): Tag[] {
  const code = span.status.code ?? 0;
  return [
    ...textTag("otel.scope.name", scope.name),
    ...textTag("otel.scope.version", scope.version),
    ...(span.attributes ?? []).filter(({ key }) => key !== WARNINGS_KEY).map(toTag),
    ...textTag("span.kind", KIND_TAGS[span.kind ?? 0]),
    ...textTag("otel.status_code", STATUS_TAGS[code]),
    ...(code === 2 ? [{ key: "error", type: "bool" as const, value: true }] : []),
    ...textTag("otel.status_description", span.status.message),
    ...textTag("w3c.tracestate", span.traceState),
  ];
}

function warningsOf(span: SpanJson): string[] | null {
  const warnings = span.attributes?.find(({ key }) => key === WARNINGS_KEY)?.value;
  return warnings === undefined ? null : (warnings.arrayValue?.values ?? [warnings]).map(textOfValue);
}

/** Ids of 64 bits are printed as such: the older clients compare them with what they sent. */
export function shortId(traceId: string): string {
  return traceId.startsWith("0000000000000000") ? traceId.slice(16) : traceId;
}

function textTag(key: string, value: string | undefined): Tag[] {
  return value === undefined || value === "" ? [] : [{ key, type: "string", value }];
}

function toLog(event: EventJson): LegacySpan["logs"][number] {
  const attributes = event.attributes ?? [];
  const hasOwn = attributes.some(({ key }) => key === "event");
  return {
    timestamp: Number(BigInt(event.timeUnixNano ?? 0) / 1000n),
    fields: [...(hasOwn ? [] : textTag("event", event.name)), ...attributes.map(toTag)],
  };
}

function toTag({ key, value = {} }: KeyValueJson): Tag {
  return { key, ...typedValue(value) };
}

function typedValue(value: AnyValueJson): Pick<Tag, "type" | "value"> {
  if (value.boolValue !== undefined) return { type: "bool", value: value.boolValue };
  if (value.intValue !== undefined) return { type: "int64", value: jsonInt(value.intValue) };
  if (typeof value.doubleValue === "number") return { type: "float64", value: value.doubleValue };
  if (value.bytesValue !== undefined) return { type: "binary", value: value.bytesValue };
  return { type: "string", value: textOfValue(value) };
}

/** A whole number as JavaScript's readers can take it: beyond 2^53 as text, as Jaeger does. */
function jsonInt(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
