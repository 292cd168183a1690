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

export const flameSchema = z.object({
  /** Sum of the durations of all traces; the roots' `totalUs` sum to it. */
  totalUs: z.number(),
  traceCount: z.number(),
  frames: z.array(flameFrameSchema),
});
export type Flame = z.infer<typeof flameSchema>;
