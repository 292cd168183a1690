import { z } from "zod";

/** An int64 as protobuf's JSON has it: a string of digits; a number is taken too. Nanoseconds, floored to µs. */
const nanosAsMicros = z
  .union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()])
  .transform((nanos) => Number(BigInt(nanos) / 1000n));
/** Counts are left out of the answer when zero. */
const count = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
  .default(0);

export const v3ServicesSchema = z.object({ services: z.array(z.string()).nullish() });

export const v3OperationsSchema = z.object({
  operations: z.array(z.object({ name: z.string(), spanKind: z.string().default("") })).nullish(),
});

const requestSpanSchema = z.object({
  service: z.string(),
  operation: z.string(),
  startUs: z.number().int().nonnegative(),
  durationUs: z.number().int().nonnegative(),
  isFailed: z.boolean(),
  count: z.number().int().positive(),
});

const v3SummarySchema = z.object({
  traceId: z.string().regex(/^[0-9a-fA-F]{1,32}$/),
  rootServiceName: z.string().default(""),
  rootOperationName: z.string().default(""),
  minStartTimeUnixNano: nanosAsMicros.default(0),
  maxEndTimeUnixNano: nanosAsMicros.default(0),
  spanCount: count,
  errorSpanCount: count,
  orphanSpanCount: count,
  services: z.array(z.object({ name: z.string(), spanCount: count, errorSpanCount: count })).default([]),
  // Told by the embedded collector only.
  rootStartTimeUnixNano: nanosAsMicros.optional(),
  rootEndTimeUnixNano: nanosAsMicros.optional(),
  clocksApartNano: nanosAsMicros.optional(),
  lengthNano: nanosAsMicros.optional(),
  isRootFailed: z.boolean().default(false),
  versions: z.array(z.object({ service: z.string(), version: z.string() })).default([]),
  requests: z.array(requestSpanSchema).optional(),
});
export type V3Summary = z.infer<typeof v3SummarySchema>;

export const v3SummariesSchema = z.object({ summaries: z.array(v3SummarySchema) });
