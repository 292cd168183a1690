import * as z from "zod/mini";
import { pathUsualSchema } from "./path-schema";
import { quantilesSchema } from "./quantiles";

/** What is usual beside one trace. `traceCount` 0 when there is no history: then nothing else says anything. */
export const usualReplySchema = z.object({
  /** Of the trace the rows belong to. */
  version: z.string(),
  baseline: z.object({
    rootService: z.string(),
    rootOperation: z.string(),
    traceCount: z.number(),
    sinceUs: z.number(),
    untilUs: z.number(),
    durationUs: quantilesSchema,
    errorShare: z.number(),
    /** When the sample was read. */
    asOf: z.string(),
    /** A newer sample is being read; ask again in a few seconds to have it. */
    isRefreshing: z.boolean(),
  }),
  paths: z.array(z.extend(pathUsualSchema, { parent: z.number() })),
  /** One LEB128 varint a row as base64: 0 for a new step, else 1 + index into `paths`. */
  pathOfRow: z.string(),
  /** Steps that nearly every trace has and this one has not: the topmost of each branch. */
  missing: z.array(z.object({ pathIndex: z.number() })),
  /** Steps called more often than in any sampled trace, the largest excess first. */
  drift: z.array(z.object({ pathIndex: z.number(), calls: z.number() })),
});
export type UsualReply = z.infer<typeof usualReplySchema>;
