import type { AttributeValue, SpanDraft, SpanKind, TraceWriter } from "./span-tree";

const KIND: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const STATUS_ERROR = 2;

/** A trace with the moment it began and the release that served it. */
export type PlacedTrace = { trace: TraceWriter; startUnixUs: number; version: string; host: string };

type OtlpValue = { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
type OtlpAttribute = { key: string; value: OtlpValue };
type ResourceKey = string;

/** Resource attribute that marks sample data; it is how sample traces are found again and removed. */
export const SAMPLE_ATTRIBUTE = "ops.sample";

/** One OTLP/JSON ExportTraceServiceRequest with spans grouped by resource, ids in hex, times as decimal strings. */
export function toOtlpRequest(traces: readonly PlacedTrace[]): object {
  const groups = new Map<ResourceKey, { attributes: OtlpAttribute[]; spans: object[] }>();
  for (const placed of traces) {
    for (const span of placed.trace.spans) {
      const key = `${span.service} ${placed.version} ${placed.host}`;
      const group = groups.get(key) ?? { attributes: resourceAttributes(span.service, placed), spans: [] };
      group.spans.push(toOtlpSpan(span, placed));
      groups.set(key, group);
    }
  }
  return {
    resourceSpans: [...groups.values()].map(({ attributes, spans }) => ({
      resource: { attributes },
      scopeSpans: [{ scope: { name: "OpenTelemetry::Instrumentation", version: "0.38.0" }, spans }],
    })),
  };
}

function resourceAttributes(service: string, { version, host }: PlacedTrace): OtlpAttribute[] {
  return toAttributes({
    "service.name": service,
    "service.version": version,
    "service.namespace": "circuitverse",
    "deployment.environment": "production",
    "host.name": host,
    "telemetry.sdk.language": service === "yosys-api" ? "nodejs" : "ruby",
    [SAMPLE_ATTRIBUTE]: "true",
  });
}

function toOtlpSpan(span: SpanDraft, { trace, startUnixUs }: PlacedTrace): object {
  return {
    traceId: trace.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND[span.kind],
    startTimeUnixNano: toNano(startUnixUs + span.startUs),
    endTimeUnixNano: toNano(startUnixUs + span.endUs),
    attributes: toAttributes(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: toNano(startUnixUs + event.atUs),
      name: event.name,
      attributes: toAttributes(event.attributes),
    })),
    links: span.linkedSpanId === undefined ? [] : [{ traceId: trace.traceId, spanId: span.linkedSpanId }],
    status: span.error === undefined ? {} : { code: STATUS_ERROR, message: span.error },
  };
}

/** Microseconds since 1970 are below 2^53; nanoseconds are not, so the zeros are appended as text. */
function toNano(unixUs: number): string {
  return `${Math.round(unixUs)}000`;
}

function toAttributes(values: Record<string, AttributeValue>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: toValue(value) }));
}

function toValue(value: AttributeValue): OtlpValue {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
