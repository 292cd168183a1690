import * as z from "zod/mini";
import { attributesParam, epochMs, searchText, windowIsForward } from "../request-fields";
import { traceSummarySchema } from "../trace-summary";

/** What "most" means: the longest traces, those with most failed spans, those with most spans. */
export const SLOWEST_BY = ["duration", "errors", "spans"] as const;
export type SlowestBy = (typeof SLOWEST_BY)[number];

/** `GET /api/traces/slowest`. Without a window the last hour is searched. */
export const slowestQuerySchema = z
  .strictObject({
    by: z._default(z.enum(SLOWEST_BY), "duration"),
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
    service: z.optional(searchText),
    operation: z.optional(searchText),
    attributes: z.optional(attributesParam),
    /** The console's own traces too; they are left out unless asked for, also by naming its service. */
    own: z._default(z.stringbool(), false),
    start: z.optional(epochMs),
    end: z.optional(epochMs),
  })
  .check(z.refine(...windowIsForward));
export type SlowestQuery = z.output<typeof slowestQuerySchema>;

/** How the ranking came to be: from the fact table, down a ladder of durations, or by reading everything. */
export const SLOWEST_PHASES = ["facts", "ladder", "sweep"] as const;

/** One question to the source: a stretch of time, and how long a span had to be. */
export const slowestStepSchema = z.object({
  phase: z.enum(SLOWEST_PHASES),
  fromUs: z.number(),
  toUs: z.number(),
  /** The question asked for a span at least this long; null asked for every trace. */
  minDurationUs: z.nullable(z.number()),
  returnedCount: z.number(),
  /** `whole`: every trace came; `split`: too many, so it was asked again with a higher bound, or in halves; `cut`: too many, and no finer question is left. */
  outcome: z.enum(["whole", "split", "cut"]),
});
export type SlowestStep = z.infer<typeof slowestStepSchema>;

export const slowestProgressSchema = z.object({
  phase: z.enum(SLOWEST_PHASES),
  /** Questions answered so far. */
  asked: z.number(),
  /** Different traces seen so far. */
  seen: z.number(),
  /** No unseen trace ranks above this (µs for `duration`, a count otherwise), null until something is proven. */
  provenAbove: z.nullable(z.number()),
  /** Traces of the wanted N that are found. */
  found: z.number(),
  /** Share of the window that was read, 0 to 1; null on the ladder. */
  sweptShare: z.nullable(z.number()),
});
export type SlowestProgress = z.infer<typeof slowestProgressSchema>;

/**
 * `every-trace`: every trace of the window was seen. `every-long-span`: every trace with one matching span of at least
 * `caveat.spanUs` was seen, and N of them rank no lower than anything else with such a span. `none`: a lower bound.
 */
export const SLOWEST_PROOFS = ["every-trace", "every-long-span", "none"] as const;
export const SLOWEST_REASONS = [
  "proven",
  "not_begun",
  "too_many_questions",
  "out_of_time",
  "source_failed",
  "slice_too_full",
  "filter_is_not_of_the_root",
  "services_left_out",
] as const;

export const slowestResultSchema = z.object({
  by: z.enum(SLOWEST_BY),
  limit: z.number(),
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  isProven: z.boolean(),
  proof: z.enum(SLOWEST_PROOFS),
  /** Why it is proven or only a lower bound. */
  reason: z.object({ code: z.enum(SLOWEST_REASONS), text: z.string() }),
  /** What even the proof cannot see: a trace without a span of `spanUs` that starts in the window. Null when every trace was seen. */
  caveat: z.nullable(z.object({ spanUs: z.number(), text: z.string() })),
  /** One line for a badge: "proven slowest 50 of 8,412 seen", with "as of 14:03 UTC" where that is a minute ago or more. */
  text: z.string(),
  seenCount: z.number(),
  /** Whether `seenCount` is every trace of the window. */
  isSeenWhole: z.boolean(),
  /** The ranking holds for what the source had by then; spans that came later are not in it. */
  knownUntil: z.string(),
  /** Highest first; equal ones newest first. */
  traces: z.array(traceSummarySchema),
  ladder: z.array(slowestStepSchema),
  askedCount: z.number(),
  tookMs: z.number(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type SlowestResult = z.infer<typeof slowestResultSchema>;

/** The events of the stream, by name. `failed` ends it in place of `result`. */
export const slowestEventSchemas = {
  progress: slowestProgressSchema,
  result: slowestResultSchema,
  failed: z.object({ code: z.string(), detail: z.string() }),
} as const;
