import * as z from "zod/mini";

export const FEATURE_KINDS = ["attribute", "step", "repeated-step", "span-count", "error"] as const;

const countsSchema = z.object({ hits: z.number(), of: z.number() });

export const standoutSchema = z.object({
  kind: z.enum(FEATURE_KINDS),
  /** Attribute key, or service of a step; "" for counts of spans and errors. */
  key: z.string(),
  /** Value, name of the step, or range. */
  value: z.string(),
  /** For counts: at least this many; null for the rest. */
  atLeast: z.nullable(z.number()),
  /** As a person would say it. */
  text: z.string(),
  selected: countsSchema,
  baseline: countsSchema,
  /** How many times as common in the selection; half a trace is added to each side, so that it is never infinite. */
  lift: z.number(),
  pValue: z.number(),
  /** After correcting for all that was asked (Benjamini and Hochberg); at most 0.05. */
  qValue: z.number(),
  /** What else the very same traces have. */
  alsoKnownAs: z.array(z.string()),
  /** Up to five selected traces that have it. */
  exemplars: z.array(z.string()),
});
export type Standout = z.infer<typeof standoutSchema>;

export const bubbleUpResultSchema = z.object({
  /** Most times as common first. */
  standouts: z.array(standoutSchema),
  /** Attribute keys that both sides have in the same mix. */
  alike: z.array(z.string()),
  /** Keys with a different value in nearly every trace: ids, times. Not compared. */
  tooVaried: z.array(z.string()),
  /** How many differences were asked for; the correction counts them all. */
  askedCount: z.number(),
});
export type BubbleUpResult = z.infer<typeof bubbleUpResultSchema>;

export const bubbleUpReplySchema = z.extend(bubbleUpResultSchema, {
  selected: z.object({ seenCount: z.number(), readCount: z.number(), skippedCount: z.number() }),
  baseline: z.object({ seenCount: z.number(), readCount: z.number(), skippedCount: z.number() }),
  /** Whether the search saw all that match. */
  isWholeSearch: z.boolean(),
  seed: z.number(),
});
export type BubbleUpReply = z.infer<typeof bubbleUpReplySchema>;
