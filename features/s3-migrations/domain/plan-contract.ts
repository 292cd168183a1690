import * as z from "zod/mini";
import { abilitiesSchema } from "./destination-abilities";
import { planFactsSchema } from "./plan-facts";
import { costSchema, durationSchema } from "./plan-forecast";
import { destinationSchema, optionsSchema, sourceSchema } from "./plan-spec";

const count = z.number().check(z.int(), z.minimum(0));

/** `POST /api/s3-migrations/preflight`: the dry run. Writes nothing but probe objects, which it removes again. */
export const preflightSchema = z.strictObject({
  source: sourceSchema,
  destination: destinationSchema,
  options: z.prefault(optionsSchema, {}),
});
export type Preflight = z.input<typeof preflightSchema>;

/** One thing tried on a store; the sentence says what was found. */
const checkSchema = z.object({
  side: z.enum(["source", "destination"]),
  name: z.string(),
  outcome: z.enum(["passed", "note", "failed"]),
  sentence: z.string(),
});

export const preflightReplySchema = z.object({
  /** False when a check failed: starting now would only make failures. */
  isReady: z.boolean(),
  checks: z.array(checkSchema),
  abilities: z.nullable(abilitiesSchema),
  inventory: z.object({
    objects: count,
    bytes: count,
    /** The walk stopped at its limit of objects or time: the true numbers are larger. */
    isComplete: z.boolean(),
    largest: z.nullable(z.object({ key: z.string(), sizeBytes: count })),
    /** Source key and where it would go: of each rule of the mapping, the first few. */
    examples: z.array(z.object({ key: z.string(), destinationKey: z.string(), sizeBytes: count })),
  }),
  /** Keys already at the destination among those looked at; equal size is not proof. */
  collisions: z.object({ sameSize: count, otherSize: count, looked: count, examples: z.array(z.string()) }),
  /** Keys that cannot be copied as they are, and entries that are never followed. */
  keyProblems: z.array(z.object({ problem: z.string(), objects: count, examples: z.array(z.string()) })),
  /** The same facts as of a sealed plan, of what the walk saw. */
  facts: planFactsSchema,
  /** Of what the walk saw. */
  duration: durationSchema,
  cost: costSchema,
  tookMs: count,
});
export type PreflightReply = z.output<typeof preflightReplySchema>;

/** `GET /api/s3-migrations/{id}/plan`: what was sealed. */
export const planReplySchema = z.object({
  sealedAt: z.iso.datetime(),
  /** SHA-256 over source, destination, options and every object listed. */
  hash: z.string(),
  /** Why it can never run, or `null`. */
  blocked: z.nullable(z.string()),
  facts: planFactsSchema,
  /** By earlier migrations to the same bucket. */
  duration: durationSchema,
  cost: costSchema,
});
export type PlanReply = z.output<typeof planReplySchema>;
