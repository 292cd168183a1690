import * as z from "zod/mini";
import { stepSchema } from "./path-schema";

export const STEP_STATES = ["new", "gone", "grew", "fell", "alike"] as const;
export const CHECK_CODES = [
  "enough_traces",
  "same_traffic",
  "same_hosts",
  "no_overlap",
  "whole_search",
  "read_all",
] as const;
export const CLAUSE_KINDS = ["new", "gone", "grew", "fell", "rest"] as const;

const sideOfStepSchema = z.object({
  /** In how many of the traces read. */
  presentIn: z.number(),
  /** Means over all traces of the side, those without the step included. */
  calls: z.number(),
  /** Time in it: sum of its calls' durations. */
  timeUs: z.number(),
  /** Of the time the caller waited, what passed in the step's own work. Sums over all steps to the mean duration. */
  ownUs: z.number(),
});

export const comparedStepSchema = z.extend(stepSchema, {
  /** Index of the step it hangs below, in this list; -1 for roots. Parents stand before their children. */
  parent: z.number(),
  before: sideOfStepSchema,
  after: sideOfStepSchema,
  /** Change in own work. Sums over all steps, and what was left out, exactly to the change of the whole. */
  changeUs: z.number(),
  /** The same with everything below the step. */
  changeBelowUs: z.number(),
  state: z.enum(STEP_STATES),
  /** How surely, after correcting for the number of steps; null with fewer than five traces a side. */
  qValue: z.nullable(z.number()),
});
export type ComparedStep = z.infer<typeof comparedStepSchema>;

const requestQuantilesSchema = z.object({
  p5Us: z.number(),
  p50Us: z.number(),
  p75Us: z.number(),
  p90Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  meanUs: z.number(),
});

export const comparedSideSchema = z.object({
  /** Traces that matched, as far as the search saw. */
  seenCount: z.number(),
  /** Of these, the ones read whole; the steps are of them. */
  readCount: z.number(),
  /** Why traces were not read: too big, gone, or no time left. */
  skippedCount: z.number(),
  sinceUs: z.number(),
  untilUs: z.number(),
  /** Duration of each trace seen, first span to last, ascending. */
  ticksUs: z.array(z.number()),
  quantiles: requestQuantilesSchema,
  /** Means of the traces read. */
  perRequest: z.object({
    /** How long the caller waited: the root. */
    durationUs: z.number(),
    queries: z.number(),
    spans: z.number(),
    /** Share of traces seen that have a failed span. */
    errorShare: z.number(),
    /** Null where the two sides' windows cannot tell: single traces. */
    perMinute: z.nullable(z.number()),
  }),
  systems: z.array(z.object({ name: z.string(), calls: z.number(), busyUs: z.number() })),
  /** Up to five traces nearest to the side's median, to open as examples. */
  exemplars: z.array(z.string()),
});
export type ComparedSide = z.infer<typeof comparedSideSchema>;

export const compareVerdictSchema = z.object({
  sentence: z.string(),
  /** What changed beyond chance, in µs a request: the sum of the clauses. Where the steps do not tell, the change of the median. */
  changeUs: z.number(),
  /** What that is added to: the mean request before, or where the change is of the median, the median before. */
  beforeUs: z.number(),
  /** Sum exactly to `changeUs`. `step` is an index into the steps; null for the rest. */
  clauses: z.array(
    z.object({ kind: z.enum(CLAUSE_KINDS), text: z.string(), changeUs: z.number(), step: z.nullable(z.number()) }),
  ),
  /** Whether the durations differ beyond chance (Mann and Whitney, 1 %); null with fewer than five traces a side. */
  isSignificant: z.nullable(z.boolean()),
});
export type CompareVerdict = z.infer<typeof compareVerdictSchema>;

export const compareReplySchema = z.object({
  verdict: compareVerdictSchema,
  before: comparedSideSchema,
  after: comparedSideSchema,
  steps: z.array(comparedStepSchema),
  /** Small steps that the list does not hold. */
  leftOut: z.object({ count: z.number(), changeUs: z.number() }),
  checks: z.array(z.object({ code: z.enum(CHECK_CODES), isOk: z.boolean(), text: z.string() })),
});
export type CompareReply = z.infer<typeof compareReplySchema>;
