import * as z from "zod/mini";
import {
  attributesParam,
  durationsAreOrdered,
  durationUs,
  epochMs,
  searchText,
  windowIsForward,
} from "../request-fields";
import { traceSummarySchema } from "../trace-summary";

/** `usual`: how many times the median duration of its root operation in the window a trace took. */
export const FACT_SORTS = ["duration", "start", "spans", "errors", "usual"] as const;
export type FactSort = (typeof FACT_SORTS)[number];
const count = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(1e9));

/** `GET /api/traces/facts`. Bounds are of whole traces, not of spans. Without a window the last hour is meant. */
export const factsQuerySchema = z
  .strictObject({
    /** Takes part in the trace, as root or below. */
    service: z.optional(searchText),
    /** Of the root span. */
    operation: z.optional(searchText),
    rootService: z.optional(searchText),
    start: z.optional(epochMs),
    end: z.optional(epochMs),
    minDurationUs: z.optional(durationUs),
    maxDurationUs: z.optional(durationUs),
    /** Of the root span, which its caller waited for; of the trace where the source does not tell. */
    minRequestUs: z.optional(durationUs),
    /** `error`: at least one span failed; `ok`: none did. */
    status: z.optional(z.enum(["error", "ok"])),
    minSpans: z.optional(count),
    maxSpans: z.optional(count),
    /** Not known to the fact table: the source finds these traces, and they are joined by id (`coverage.join`). */
    attributes: z.optional(attributesParam),
    /** The console's own traces too; they are left out unless asked for, also by naming its service. */
    own: z._default(z.stringbool(), false),
    /** Reads all of the window again: what came late belongs to a stretch that was already read. */
    reread: z._default(z.stringbool(), false),
    /** What quantiles, histogram and heat map are of: whole traces, or what callers waited for their answers. */
    measure: z._default(z.enum(["trace", "request"]), "trace"),
    sort: z._default(z.enum(FACT_SORTS), "start"),
    order: z._default(z.enum(["asc", "desc"]), "desc"),
    /** `next` of the page before. */
    after: z.optional(z.string().check(z.maxLength(200))),
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1500)), 100),
  })
  .check(
    z.refine(...windowIsForward),
    z.refine(...durationsAreOrdered),
    z.refine(({ minSpans, maxSpans }) => minSpans === undefined || maxSpans === undefined || minSpans <= maxSpans, {
      path: ["maxSpans"],
      message: "must not be below minSpans",
    }),
  );
export type FactsQuery = z.output<typeof factsQuerySchema>;

export const quantilesSchema = z.object({
  p50Us: z.number(),
  p75Us: z.number(),
  p90Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
});
/** Null without a single trace. */
export const maybeQuantilesSchema = z.nullable(quantilesSchema);
export type DurationQuantiles = z.infer<typeof quantilesSchema>;

/** Bins of equal width on a log scale, empty ones between full ones included; `fromUs` belongs to the bin, `toUs` does not. */
export const durationHistogramSchema = z.array(
  z.object({ fromUs: z.number(), toUs: z.number(), count: z.number(), errorCount: z.number() }),
);
export type DurationHistogram = z.infer<typeof durationHistogramSchema>;

/** `counts[time * durationBuckets.length + duration]`. */
export const heatmapSchema = z.object({
  timeBuckets: z.array(z.object({ startUs: z.number(), endUs: z.number() })),
  durationBuckets: z.array(z.object({ fromUs: z.number(), toUs: z.number() })),
  counts: z.array(z.number()),
});
export type Heatmap = z.infer<typeof heatmapSchema>;

export const rateSchema = z.array(
  z.object({ startUs: z.number(), endUs: z.number(), count: z.number(), errorCount: z.number() }),
);

/** How much of the window the fact table holds. */
export const coverageSchema = z.object({
  fromUs: z.number(),
  toUs: z.number(),
  /** Share of the window that was read, 0 to 1. */
  complete: z.number(),
  /** Stretches not read yet, oldest first, at most 100; they are being fetched while somebody asks. */
  gaps: z.array(z.object({ fromUs: z.number(), toUs: z.number() })),
  gapCount: z.number(),
  /** Stretches of some milliseconds in which more traces started than the source gives at once; some are missing. */
  truncatedSlices: z.array(z.object({ fromUs: z.number(), toUs: z.number(), heldCount: z.number() })),
  truncatedCount: z.number(),
  /** The newest stretch, which is still filling: traces that start here may come or grow. */
  unsettledFromUs: z.nullable(z.number()),
  /** When the oldest read of the window was made. */
  readAt: z.nullable(z.string()),
  /** Traces and spans that came later than this may be missing from what was read. */
  knownUntil: z.string(),
  filling: z.enum(["done", "running", "waiting", "failing"]),
  /** Why nothing more comes, in one sentence. */
  trouble: z.nullable(z.string()),
  /** For a search by attributes: the traces the source named, and whether those were all. */
  join: z.nullable(z.object({ foundCount: z.number(), isWhole: z.boolean() })),
});
export type Coverage = z.infer<typeof coverageSchema>;

export const factsReplySchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  totals: z.object({ count: z.number(), errorCount: z.number(), spanCount: z.number() }),
  quantiles: maybeQuantilesSchema,
  histogram: durationHistogramSchema,
  heatmap: heatmapSchema,
  rate: rateSchema,
  page: z.array(traceSummarySchema),
  next: z.nullable(z.string()),
  /** Sorted by `usual`: traces whose operation was seen fewer than five times, so that nobody knows; null otherwise. */
  thinCount: z.nullable(z.number()),
  coverage: coverageSchema,
});
export type FactsReply = z.infer<typeof factsReplySchema>;
