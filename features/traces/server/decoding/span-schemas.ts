import { z } from "zod";

/*
 * One span in full, as the two formats spell it. Loose on purpose: what a source adds is ignored, what it leaves out is
 * empty, so that a span with one odd attribute can still be read.
 */

const text = z.string().catch("");
const idText = z.string().catch("");
/** Nanoseconds or microseconds: a number, or a string of digits. */
const wireInteger = z.union([z.string(), z.number()]).catch("0");

const keyValueSchema = z.object({ key: text, value: z.unknown() });
const keyValues = z.array(keyValueSchema).nullish().catch([]);
export type OtlpKeyValue = z.infer<typeof keyValueSchema>;

export const otlpSpanSchema = z.object({
  spanId: idText,
  parentSpanId: idText.optional(),
  traceState: text.optional(),
  name: text,
  startTimeUnixNano: wireInteger,
  endTimeUnixNano: wireInteger.optional(),
  status: z
    .object({ code: z.union([z.number(), z.string()]).catch(0), message: text })
    .partial()
    .nullish()
    .catch(null),
  attributes: keyValues,
  events: z
    .array(z.object({ name: text, timeUnixNano: wireInteger, attributes: keyValues }))
    .nullish()
    .catch([]),
  links: z
    .array(z.object({ traceId: idText, spanId: idText, attributes: keyValues }))
    .nullish()
    .catch([]),
});
export const otlpResourceSchema = z.object({ attributes: keyValues });
export const otlpScopeSchema = z.object({ name: text, version: text });

const tagSchema = z.object({ key: text, type: text, value: z.unknown() });
const tags = z.array(tagSchema).nullish().catch([]);
export type JaegerTag = z.infer<typeof tagSchema>;

const logSchema = z.object({ timestamp: wireInteger, fields: tags });
export type JaegerLog = z.infer<typeof logSchema>;

export const jaegerSpanSchema = z.object({
  traceID: idText,
  spanID: idText,
  operationName: text,
  startTime: wireInteger,
  duration: wireInteger.optional(),
  references: z
    .array(z.object({ refType: text, traceID: idText, spanID: idText }))
    .nullish()
    .catch([]),
  tags,
  logs: z.array(logSchema).nullish().catch([]),
  warnings: z.array(z.string()).nullish().catch([]),
});
export const jaegerProcessSchema = z.object({ serviceName: text, tags });
