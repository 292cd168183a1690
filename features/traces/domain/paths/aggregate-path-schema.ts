import * as z from "zod/mini";
import { stepSchema } from "./path-schema";

export const flameFrameSchema = z.extend(stepSchema, {
  /** Index of the frame below it, in this list; -1 for roots. Parents stand before their children. */
  parent: z.number(),
  /** Time of all critical paths in this step's own work. */
  ownUs: z.number(),
  /** The same of branches above it that are too narrow to be frames. */
  restUs: z.number(),
  /** Width: own work, rest, and all frames above. */
  totalUs: z.number(),
  /** Traces whose critical path passes here, and calls a trace among those that have the step. */
  traceCount: z.number(),
  calls: z.number(),
  /** Traces with most time here, most first. */
  exemplars: z.array(z.object({ traceId: z.string(), onPathUs: z.number() })),
});
export type FlameFrame = z.infer<typeof flameFrameSchema>;

/** One request as a bar: the steps its critical path spends most in, and all of them together as `durationUs`. */
export const requestSplitSchema = z.object({
  traceId: z.string(),
  durationUs: z.number(),
  /** Most time first; the same step in several places counts as one. What is missing to the whole is in other steps. */
  steps: z.array(z.extend(stepSchema, { ownUs: z.number() })),
});
export type RequestSplit = z.infer<typeof requestSplitSchema>;

export const flameSchema = z.object({
  /** Sum of the durations of all traces; the roots' `totalUs` sum to it. */
  totalUs: z.number(),
  traceCount: z.number(),
  frames: z.array(flameFrameSchema),
});
export type Flame = z.infer<typeof flameSchema>;
