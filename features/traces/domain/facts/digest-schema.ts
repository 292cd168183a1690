import * as z from "zod/mini";
import { epochMs, windowIsForward } from "../request-fields";
import { coverageSchema, durationHistogramSchema } from "./facts-schema";

/** `GET /api/traces/digest`. Without a window the last hour is meant. */
export const digestQuerySchema = z
  .strictObject({ start: z.optional(epochMs), end: z.optional(epochMs) })
  .check(z.refine(...windowIsForward));
export type DigestQuery = z.output<typeof digestQuerySchema>;

export const digestReplySchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  totals: z.object({ count: z.number(), errorCount: z.number() }),
  /** Equal parts of the window, oldest first. */
  series: z.array(
    z.object({
      startUs: z.number(),
      endUs: z.number(),
      count: z.number(),
      errorCount: z.number(),
      /** 0 without a trace. */
      maxUs: z.number(),
    }),
  ),
  /** Of all traces; null without one. */
  durations: z.nullable(z.object({ shortestUs: z.number(), longestUs: z.number() })),
  /** Most time together first; at most 50, with that which fails most and that of the slowest trace among them. */
  operations: z.array(
    z.object({
      /** That of the first span known where the root span is missing. */
      service: z.string(),
      /** Empty where the root span is missing. */
      operation: z.string(),
      count: z.number(),
      errorCount: z.number(),
      sumUs: z.number(),
      p50Us: z.number(),
      p95Us: z.number(),
      maxUs: z.number(),
      slowestTraceId: z.string(),
      histogram: durationHistogramSchema,
    }),
  ),
  operationCount: z.number(),
  coverage: coverageSchema,
});
export type DigestReply = z.infer<typeof digestReplySchema>;
