import * as z from "zod/mini";
import { quantilesSchema } from "./quantiles";

export const stepSchema = z.object({
  service: z.string(),
  /** The span's name without numbers and ids. */
  name: z.string(),
  /** A database call's statement without its values, a cache's command, another call's peer, or "". */
  detail: z.string(),
});
/** One link in the chain from a trace's root to a span. */
export type Step = z.infer<typeof stepSchema>;

const callsUsualSchema = z.object({ p50: z.number(), p95: z.number(), max: z.number() });

export const pathUsualSchema = z.extend(stepSchema, {
  /** In how many of the traces the step is. All that follows is over these, traces without it left out. */
  presentIn: z.number(),
  /** The release that brought the step: no trace of an earlier one has it, beyond chance. Null for all others. */
  newIn: z.nullable(z.string()),
  /** Calls a trace. */
  calls: callsUsualSchema,
  /** Per trace: sum of the durations of the step's calls. */
  totalUs: quantilesSchema,
  /** Per trace: sum of what the calls' children do not cover. */
  ownUs: quantilesSchema,
  /** Per call. */
  callUs: quantilesSchema,
});
/** What is usual of one step of an operation. */
export type PathUsual = z.infer<typeof pathUsualSchema>;
