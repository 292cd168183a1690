import * as z from "zod/mini";
import { liveCheckSchema, stepRulesSchema } from "./annotations/step-rules";

const rangeSchema = z.object({
  start: z.number().check(z.int(), z.minimum(0)),
  end: z.number().check(z.int(), z.minimum(0)),
});

/**
 * One thing to do. `id` is its number as shown ("3", "3.1"), and fixed inside a run, because a run keeps its own copy
 * of the tree. Ranges point into the source the tree was made from.
 */
export const stepSchema = z.object({
  id: z.string().check(z.regex(/^\d+(\.\d+)*$/)),
  /** Plain words, for lists and announcements. */
  title: z.string(),
  /** The inline Markdown of the title; `undefined` when the title was made up. */
  heading: z.optional(rangeSchema),
  /** 0 for a step of its own, 1 for a part of one, and so on. */
  depth: z.number().check(z.int(), z.minimum(0)),
  line: z.number().check(z.int(), z.minimum(1)),
  body: z.array(rangeSchema),
  /** What its author asks of whoever does it. */
  rules: z.optional(stepRulesSchema),
  /** Questions to live systems that may settle it. */
  checks: z.optional(z.array(liveCheckSchema)),
});
export type RunbookStep = z.infer<typeof stepSchema>;

const itemSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prose"), range: rangeSchema }),
  z.object({ kind: z.literal("step"), step: stepSchema }),
]);

/** What stands under one heading, in the order of the file. The text before the first heading has an empty title. */
export const sectionSchema = z.object({
  title: z.string(),
  depth: z.number().check(z.int(), z.minimum(0), z.maximum(6)),
  line: z.number().check(z.int(), z.minimum(1)),
  items: z.array(itemSchema),
  /** Followed only when a run is backed out of. */
  isRollback: z.optional(z.boolean()),
});
export type RunbookSection = z.infer<typeof sectionSchema>;

export const stepTreeSchema = z.object({
  /** The rule that found the steps. */
  rule: z.enum(["tasks", "headings", "ordered", "bullets", "none"]),
  sections: z.array(sectionSchema),
  /** Who takes part in a run; a distinct role is held by somebody who holds no other. */
  roles: z.optional(z.array(z.object({ name: z.string(), isDistinct: z.boolean(), team: z.string() }))),
});
export type StepTree = z.infer<typeof stepTreeSchema>;

/** All steps in the order of the file, parts after the step they belong to. */
export function stepsOf(tree: StepTree): RunbookStep[] {
  return tree.sections.flatMap(({ items }) => items.flatMap((item) => (item.kind === "step" ? [item.step] : [])));
}
