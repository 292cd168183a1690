/**
 * Spans as Jaeger's v3 API prints them: OTLP/JSON in the field order of the protobuf messages, zero values left out,
 * 64-bit numbers as text, ids in lower-case hexadecimal.
 */
export type AnyValueJson = {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number | string;
  arrayValue?: { values?: AnyValueJson[] };
  kvlistValue?: { values?: KeyValueJson[] };
  bytesValue?: string;
};
export type KeyValueJson = { key: string; value?: AnyValueJson };
export type ResourceJson = { attributes?: KeyValueJson[]; droppedAttributesCount?: number };
export type ScopeJson = {
  name?: string;
  version?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
};
export type EventJson = {
  timeUnixNano?: string;
  name?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
};
export type LinkJson = {
  traceId: string;
  spanId: string;
  traceState?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
  flags?: number;
};
export type SpanJson = {
  traceId: string;
  spanId: string;
  traceState?: string;
  parentSpanId?: string;
  flags?: number;
  name: string;
  kind?: number;
  startTimeUnixNano?: string;
  endTimeUnixNano?: string;
  attributes?: KeyValueJson[];
  droppedAttributesCount?: number;
  events?: EventJson[];
  droppedEventsCount?: number;
  links?: LinkJson[];
  droppedLinksCount?: number;
  status: { message?: string; code?: number };
};

/** Leaves out absent, zero and empty fields, as proto3's JSON does; keeps the order given. */
export function compact<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): T {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isEmpty = value === undefined || value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) kept[name] = value;
  }
  return kept as T;
}
