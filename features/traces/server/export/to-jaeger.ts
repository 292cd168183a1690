import type { Attribute } from "@/features/traces/contract";
import type { WholeSpan } from "../decoding/read-span";

const TAG_TYPES: Partial<Record<Attribute["type"], string>> = {
  int: "int64",
  double: "float64",
  bool: "bool",
  bytes: "binary",
};

/** Spans as Jaeger's older JSON, for traces that are held as OTLP only. */
export function toJaeger(traceId: string, spans: readonly WholeSpan[]): string {
  const processes = new Map<string, string>();
  const processOf = (span: WholeSpan): string => {
    const key = JSON.stringify(span.resource);
    const id = processes.get(key) ?? `p${processes.size + 1}`;
    processes.set(key, id);
    return id;
  };
  const converted = spans.map((span) => toJaegerSpan(traceId, span, processOf(span)));
  const named = [...processes].map(([key, id]) => [id, toProcess(JSON.parse(key) as Attribute[])]);
  return JSON.stringify({
    data: [{ traceID: traceId, spans: converted, processes: Object.fromEntries(named), warnings: null }],
    total: 0,
    limit: 0,
    offset: 0,
    errors: null,
  });
}

function toJaegerSpan(traceID: string, span: WholeSpan, processID: string) {
  const parent = span.parentSpanId === null ? [] : [{ refType: "CHILD_OF", traceID, spanID: span.parentSpanId }];
  const links = span.links.map((link) => ({ refType: "FOLLOWS_FROM", traceID: link.traceId, spanID: link.spanId }));
  return {
    traceID,
    spanID: span.spanId,
    operationName: span.name,
    references: [...parent, ...links],
    startTime: span.startUs,
    duration: span.durationUs,
    tags: [...span.attributes.map(toTag), ...impliedTags(span)],
    logs: span.events.map(({ name, timeUs, attributes }) => ({
      timestamp: timeUs,
      fields: [{ key: "event", type: "string", value: name }, ...attributes.map(toTag)],
    })),
    processID,
    warnings: span.warnings.length === 0 ? null : span.warnings,
  };
}

/** What OTLP has fields for and Jaeger has tags for. */
function impliedTags({ kind, status, scope, attributes, traceState }: WholeSpan) {
  const has = (key: string) => attributes.some((attribute) => attribute.key === key);
  const text = (key: string, value: string) => (value === "" || has(key) ? [] : [{ key, type: "string", value }]);
  return [
    ...(kind === "unspecified" ? [] : text("span.kind", kind)),
    ...(status.code === "error" && !has("error") ? [{ key: "error", type: "bool", value: true }] : []),
    ...(status.code === "unset" ? [] : text("otel.status_code", status.code.toUpperCase())),
    ...text("otel.status_description", status.message),
    ...text("otel.scope.name", scope.name),
    ...text("otel.scope.version", scope.version),
    ...text("w3c.tracestate", traceState),
  ];
}

function toProcess(resource: Attribute[]) {
  const service = resource.find(({ key }) => key === "service.name");
  return { serviceName: String(service?.value ?? ""), tags: resource.filter((item) => item !== service).map(toTag) };
}

/** Lists, maps and nothing are text: Jaeger has no types for them. */
function toTag({ key, type, value }: Attribute) {
  const tagType = TAG_TYPES[type] ?? "string";
  if (type === "empty") return { key, type: tagType, value: "" };
  const isText = tagType === "string" && typeof value !== "string";
  return { key, type: tagType, value: isText ? JSON.stringify(value) : value };
}
