import * as z from "zod/mini";
import { epochMs, windowIsForward } from "../request-fields";
import { deploySchema } from "./deploy-schema";
import { coverageSchema, durationHistogramSchema, heatmapSchema, maybeQuantilesSchema } from "./facts-schema";

/** What a service is compared with. */
export const RED_AGAINST = ["previous", "deploy", "week"] as const;

export const redQuerySchema = z
  .strictObject({
    start: z.optional(epochMs),
    end: z.optional(epochMs),
    /** `previous`: the window just before, of the same length; `deploy`: since the last deploy against before it; `week`: the same hours a week ago. */
    against: z._default(z.enum(RED_AGAINST), "previous"),
  })
  .check(z.refine(...windowIsForward));
export type RedQuery = z.output<typeof redQuerySchema>;

/**
 * Rate, errors, duration of the requests of one thing over one window. `count` is null where the source tells rates only;
 * with `sample` it is of the requests seen, and `perSecond` an estimate for all. Quantiles are null without requests.
 */
export const redTotalsSchema = z.object({
  count: z.nullable(z.number()),
  errorCount: z.nullable(z.number()),
  perSecond: z.number(),
  /** 0 to 1; null without requests. */
  errorShare: z.nullable(z.number()),
  quantiles: maybeQuantilesSchema,
});
export type RedTotals = z.infer<typeof redTotalsSchema>;

export const redPointSchema = z.extend(redTotalsSchema, { startUs: z.number(), endUs: z.number() });

/** Now over before; null where either side has nothing. */
export const redChangeSchema = z.object({
  p50Ratio: z.nullable(z.number()),
  p95Ratio: z.nullable(z.number()),
  p99Ratio: z.nullable(z.number()),
  rateRatio: z.nullable(z.number()),
  /** Percentage points as a share: 0.02 is two points more. */
  errorShareDelta: z.nullable(z.number()),
  /** Both sides have enough requests (30) for the p95 to mean something. */
  isEnough: z.boolean(),
});
export type RedChange = z.infer<typeof redChangeSchema>;

export const redOperationSchema = z.object({
  operation: z.string(),
  /** None of its requests begins a trace: all are answered inside traces of others. */
  isInner: z.boolean(),
  totals: redTotalsSchema,
  /** Of the stretches compared; null when nothing is. */
  now: z.nullable(redTotalsSchema),
  before: z.nullable(redTotalsSchema),
  change: z.nullable(redChangeSchema),
  /** Share of the time spent in all operations of the service, 0 to 1; null where durations are unknown. */
  timeShare: z.nullable(z.number()),
  /** Bins of `histogram`s line up between operations and with `before`. Empty from metrics. */
  histogram: durationHistogramSchema,
  histogramBefore: durationHistogramSchema,
  /** p95 over time, one per point of `series`; null where there is none. */
  p95Us: z.array(z.nullable(z.number())),
  perSecond: z.array(z.number()),
});
export type RedOperation = z.infer<typeof redOperationSchema>;

export const redReplySchema = z.object({
  service: z.string(),
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  /** `metrics`: Jaeger's metrics store; `facts`: the traces this console has read. */
  origin: z.enum(["metrics", "facts"]),
  originText: z.string(),
  /**
   * What is counted are requests: spans of servers and consumers, and those that begin a trace. `unknown`: the service is
   * in traces, and of none of them its requests are known yet.
   */
  basis: z.enum(["requests", "unknown"]),
  /** Where requests inside others' traces are known of some traces only: of how many that name the service. */
  sample: z.nullable(z.object({ readCount: z.number(), traceCount: z.number() })),
  totals: redTotalsSchema,
  series: z.array(redPointSchema),
  histogram: durationHistogramSchema,
  heatmap: z.nullable(heatmapSchema),
  /** Most time first; at most 200, `operationCount` says how many there are. */
  operations: z.array(redOperationSchema),
  operationCount: z.number(),
  /** Null when there is nothing to compare with. */
  against: z.nullable(
    z.object({
      kind: z.enum(RED_AGAINST),
      /** The stretches compared: with `deploy`, `now` starts at the deploy. */
      now: z.object({ startUs: z.number(), endUs: z.number(), totals: redTotalsSchema }),
      before: z.object({ startUs: z.number(), endUs: z.number(), totals: redTotalsSchema }),
      change: redChangeSchema,
      histogramNow: durationHistogramSchema,
      histogramBefore: durationHistogramSchema,
      deploy: z.nullable(deploySchema),
      coverageBefore: z.nullable(coverageSchema),
    }),
  ),
  deploys: z.array(deploySchema),
  coverage: z.nullable(coverageSchema),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type RedReply = z.infer<typeof redReplySchema>;
