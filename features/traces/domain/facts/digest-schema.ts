import * as z from "zod/mini";
import { epochMs, windowIsForward } from "../request-fields";
import { coverageSchema, durationHistogramSchema } from "./facts-schema";

/** `GET /api/traces/digest`. Without a window the last hour is meant. */
export const digestQuerySchema = z
  .strictObject({ start: z.optional(epochMs), end: z.optional(epochMs) })
  .check(z.refine(...windowIsForward));
export type DigestQuery = z.output<typeof digestQuerySchema>;

const durationsSchema = z.object({ count: z.number(), p50Us: z.number(), p95Us: z.number() });
export type OperationDurations = z.infer<typeof durationsSchema>;

const slowdownSchema = z.object({
  /** From when on it takes longer, to the 48th part of the window. */
  sinceUs: z.number(),
  usual: durationsSchema,
  now: durationsSchema,
  /** What people have waited more since then, all requests together. */
  addedUs: z.number(),
  /** Its durations in each part of `series`, in the same order; zeros in a part without a request of it. */
  parts: z.array(durationsSchema),
});
export type Slowdown = z.infer<typeof slowdownSchema>;

export const digestReplySchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  totals: z.object({
    count: z.number(),
    /** Requests that failed: their own span did. Where the source tells no root, an error in any span counts. */
    errorCount: z.number(),
    /** Requests with an error in a span inside that did not fail for it. Not in `errorCount`. */
    mendedCount: z.number(),
  }),
  /** Equal parts of the window, oldest first. */
  series: z.array(
    z.object({
      startUs: z.number(),
      endUs: z.number(),
      count: z.number(),
      /** Failed, as in `totals`. */
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
      /** Failed, as in `totals`. */
      errorCount: z.number(),
      sumUs: z.number(),
      p50Us: z.number(),
      p95Us: z.number(),
      maxUs: z.number(),
      slowestTraceId: z.string(),
      histogram: durationHistogramSchema,
      /** Before the window, or before it became slower; null where too little is known of it. */
      usual: z.nullable(durationsSchema),
      /** Null unless it takes longer than before, and still does. */
      slowdown: z.nullable(slowdownSchema),
    }),
  ),
  operationCount: z.number(),
  coverage: coverageSchema,
});
export type DigestReply = z.infer<typeof digestReplySchema>;
