import type { z } from "zod";
import type { Attribute, SpanDetail } from "@/features/traces/contract";
import { BACKWARDS_WARNING } from "@/features/traces/domain/backwards-span";
import { NO_PARENT, SPAN_FLAGS, SPAN_KINDS, spanIdOf } from "@/features/traces/domain/trace-skeleton";
import type { OpenTrace } from "../open-trace";
import { toAttribute, toAttributeOfTag } from "./attribute-values";
import type { ByteRange, DocumentFormat } from "./decoded-document";
import {
  type JaegerLog,
  jaegerProcessSchema,
  jaegerSpanSchema,
  type OtlpKeyValue,
  otlpResourceSchema,
  otlpScopeSchema,
  otlpSpanSchema,
} from "./span-schemas";

const WARNINGS_KEY = "@jaeger@warnings";
const STATUS_CODES = { 1: "ok", 2: "error", STATUS_CODE_OK: "ok", STATUS_CODE_ERROR: "error" } as const;

const TRACE_STATE_KEY = "w3c.tracestate";

/** A span with what only a file has of it. */
export type WholeSpan = SpanDetail & {
  traceState: string;
  /** Whether it ends before it starts. */
  isBackwards: boolean;
};
type Rest = Pick<
  WholeSpan,
  | "startUs"
  | "status"
  | "attributes"
  | "events"
  | "links"
  | "resource"
  | "scope"
  | "warnings"
  | "traceState"
  | "isBackwards"
>;

/** One row of the skeleton in full, read from its stretch of the document. */
export function readSpan(trace: OpenTrace, row: number): SpanDetail {
  const { traceState: _, isBackwards, ...detail } = readWholeSpan(trace, row);
  // A file keeps the span as it came; a reader is told.
  return isBackwards ? { ...detail, warnings: [BACKWARDS_WARNING, ...detail.warnings] } : detail;
}

/** {@link readSpan} for a file. */
export function readWholeSpan(trace: OpenTrace, row: number): WholeSpan {
  const { skeleton } = trace;
  const rest = restOf(trace, row);
  return {
    spanId: spanIdOf(skeleton, row) ?? "",
    parentSpanId: parentIdOf(trace, row),
    row,
    version: trace.version,
    name: skeleton.names[skeleton.nameIndex[row] ?? 0] ?? "",
    service: skeleton.services[skeleton.serviceIndex[row] ?? 0] ?? "",
    kind: SPAN_KINDS[skeleton.kind[row] ?? 0] ?? "unspecified",
    durationUs: skeleton.spanDurationUs[row] ?? 0,
    ...rest,
    status: statusOf(rest.status, skeleton.flags[row] ?? 0),
  };
}

function restOf(trace: OpenTrace, row: number): Rest {
  const { text } = trace;
  const span = { start: text.spanStart[row] ?? 0, end: text.spanEnd[row] ?? 0 };
  const group = rangeOf(text.groupRanges, text.group[row] ?? -1);
  if (text.format === "jaeger") return restOfJaegerSpan(trace, span, group);
  return restOfOtlpSpan(trace, span, group, rangeOf(text.scopeRanges, text.scope[row] ?? -1));
}

function rangeOf(ranges: Uint32Array, index: number): ByteRange | undefined {
  return index === -1 ? undefined : { start: ranges[2 * index] ?? 0, end: ranges[2 * index + 1] ?? 0 };
}

function parentIdOf(trace: OpenTrace, row: number): string | null {
  const parent = trace.skeleton.parent[row] ?? NO_PARENT;
  return parent === NO_PARENT ? missingParentOf(trace, row) : (spanIdOf(trace.skeleton, parent) ?? null);
}

/** An orphan still names its parent, which the reader may look for elsewhere. */
function missingParentOf({ text }: OpenTrace, row: number): string | null {
  const high = text.parentHigh[row] ?? 0;
  const low = text.parentLow[row] ?? 0;
  if (high === 0 && low === 0) return null;
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

function statusOf(status: SpanDetail["status"], flags: number): SpanDetail["status"] {
  return (flags & SPAN_FLAGS.error) !== 0 ? { ...status, code: "error" } : status;
}

function restOfOtlpSpan(trace: OpenTrace, span: ByteRange, group?: ByteRange, scope?: ByteRange): Rest {
  const raw = readJson(trace, span, otlpSpanSchema);
  const resource = readJson(trace, group, otlpResourceSchema);
  const named = readJson(trace, scope, otlpScopeSchema);
  const attributes = toAttributes(raw?.attributes);
  return {
    startUs: nanosToMicros(raw?.startTimeUnixNano ?? 0),
    status: { code: codeOf(raw?.status?.code), message: raw?.status?.message ?? "" },
    attributes: attributes.filter(({ key }) => key !== WARNINGS_KEY),
    events: (raw?.events ?? []).map((event) => ({
      name: event.name,
      timeUs: nanosToMicros(event.timeUnixNano),
      attributes: toAttributes(event.attributes),
    })),
    links: (raw?.links ?? []).map((link) => ({
      traceId: link.traceId.toLowerCase(),
      spanId: link.spanId.toLowerCase(),
      attributes: toAttributes(link.attributes),
    })),
    resource: toAttributes(resource?.attributes),
    scope: { name: named?.name ?? "", version: named?.version ?? "" },
    warnings: textsOf(attributes.find(({ key }) => key === WARNINGS_KEY)),
    traceState: raw?.traceState ?? "",
    isBackwards: isBefore(raw?.endTimeUnixNano, raw?.startTimeUnixNano),
  };
}

function restOfJaegerSpan(trace: OpenTrace, span: ByteRange, group?: ByteRange): Rest {
  const raw = readJson(trace, span, jaegerSpanSchema);
  const process = readJson(trace, group, jaegerProcessSchema);
  const attributes = (raw?.tags ?? []).map(toAttributeOfTag);
  const textOf = (key: string) => String(attributes.find((attribute) => attribute.key === key)?.value ?? "");
  const references = raw?.references ?? [];
  const own = references.filter(({ traceID }) => traceID === raw?.traceID);
  const parent = own.find(({ refType }) => refType === "CHILD_OF") ?? own[0];
  return {
    startUs: Number(raw?.startTime ?? 0),
    status: { code: textOf("otel.status_code") === "OK" ? "ok" : "unset", message: textOf("otel.status_description") },
    attributes: attributes.filter((attribute) => !isImplied(attribute, textOf("otel.status_code"))),
    events: (raw?.logs ?? []).map(toEvent),
    links: references
      .filter((reference) => reference !== parent)
      .map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID, attributes: [] })),
    resource: [
      ...(process?.serviceName ? [{ key: "service.name", type: "string" as const, value: process.serviceName }] : []),
      ...(process?.tags ?? []).map(toAttributeOfTag),
    ],
    scope: { name: textOf("otel.scope.name"), version: textOf("otel.scope.version") },
    warnings: raw?.warnings ?? [],
    traceState: textOf(TRACE_STATE_KEY),
    isBackwards: Number(raw?.duration ?? 0) < 0,
  };
}

const KINDS: readonly unknown[] = SPAN_KINDS;
const IMPLIED_KEYS = new Set(["otel.status_code", "otel.status_description", TRACE_STATE_KEY]);

/** Tags that Jaeger has in place of OTLP's fields, which are told as those. */
function isImplied({ key, value }: Attribute, statusCode: string): boolean {
  if (key === "span.kind") return KINDS.includes(value);
  if (key === "error") return value === true && statusCode === "ERROR";
  return key.startsWith("otel.scope.") || IMPLIED_KEYS.has(key);
}

/** The first field named "event" is the event's name, which Jaeger has no other place for. */
function toEvent({ timestamp, fields }: JaegerLog): SpanDetail["events"][number] {
  const all = fields ?? [];
  const named = all.find(({ key }) => key === "event");
  return {
    name: String(named?.value ?? "log"),
    timeUs: Number(timestamp) || 0,
    attributes: all.filter((field) => field !== named).map(toAttributeOfTag),
  };
}

/** A stretch of the document through its schema; undefined where there is none or it makes no sense. */
function readJson<S extends z.ZodType>(trace: OpenTrace, range: ByteRange | undefined, schema: S) {
  if (range === undefined || range.end === 0) return undefined;
  const text = trace.text.bytes.toString("utf8", range.start, range.end);
  return schema.safeParse(parsed(text, trace.text.format)).data as z.output<S> | undefined;
}

/**
 * Numbers that JavaScript cannot hold, as values of Jaeger's tags; OTLP writes them as text. Inside a string the quote
 * before `value` would follow a backslash, so strings are left alone.
 */
const LONG_INTEGER = /(?<!\\)("value"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;

function parsed(text: string, format: DocumentFormat): unknown {
  try {
    return JSON.parse(format === "jaeger" ? text.replaceAll(LONG_INTEGER, '$1"$2"') : text);
  } catch {
    // Text that is no JSON is shown as it is.
    return undefined;
  }
}

function toAttributes(list: readonly OtlpKeyValue[] | null | undefined): Attribute[] {
  return (list ?? []).map(toAttribute);
}

function textsOf(attribute: Attribute | undefined): string[] {
  if (attribute === undefined) return [];
  return Array.isArray(attribute.value) ? attribute.value.map(String) : [String(attribute.value)];
}

function codeOf(code: number | string | undefined): "unset" | "ok" | "error" {
  return STATUS_CODES[code as keyof typeof STATUS_CODES] ?? "unset";
}

/** Whether an end is before a start; a span without an end never is. */
function isBefore(end: string | number = 0, start: string | number = 0): boolean {
  const endUs = nanosToMicros(end);
  return endUs !== 0 && endUs < nanosToMicros(start);
}

function nanosToMicros(nanos: string | number): number {
  const digits = String(nanos);
  return /^\d{1,20}$/.test(digits) ? Number(BigInt(digits) / 1000n) : 0;
}
