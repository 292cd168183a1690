import * as z from "zod/mini";

export const EVIDENCE_KINDS = ["note", "link", "file", "output"] as const;
export const SKIP_RULES = ["reason", "never", "free"] as const;
export const CHECK_MODES = ["suggest", "auto", "info"] as const;

const ms = z.number().check(z.int(), z.minimum(1));
const name = z.string().check(z.minLength(1), z.maxLength(100));

/** What the author of a runbook asks of whoever does a step. A step without a comment has none. */
export const stepRulesSchema = z.object({
  /** The author's own name for the step: stays when the text or its place changes. */
  key: z.optional(z.string()),
  /** Who does it. */
  role: z.optional(name),
  /** Who has to agree, a different person from the one who did it. */
  approve: z.optional(name),
  /** An expression over `params`, `run` and `steps`; false makes the step not applicable. */
  condition: z.optional(z.string()),
  /** Its parts are branches: one, or any of them, is chosen, and the others are not applicable. */
  choose: z.optional(z.enum(["one", "any"])),
  /** Cannot be done sooner after it was begun. */
  waitMs: z.optional(ms),
  /** Overdue later after it was begun. */
  withinMs: z.optional(ms),
  evidence: z.optional(z.enum(EVIDENCE_KINDS)),
  /** To be typed before it is done; `param:name` means the value of that name. */
  confirm: z.optional(z.string()),
  isOptional: z.optional(z.boolean()),
  skip: z.optional(z.enum(SKIP_RULES)),
  /** Path of a runbook to be followed as a run of its own, in the same source. */
  runbook: z.optional(z.string()),
  /** Once settled, the run can be backed out of only with a second person's consent. */
  isPointOfNoReturn: z.optional(z.boolean()),
  /** The key of the step this one takes back, when a run is backed out of. */
  undoes: z.optional(z.string()),
  /** Its comment could not be read and held something that guards the step: a person says why it is done. */
  mustDecide: z.optional(z.boolean()),
});
export type StepRules = z.infer<typeof stepRulesSchema>;

const probeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prometheus"), query: z.string() }),
  z.object({
    kind: z.literal("http"),
    url: z.string(),
    method: z.enum(["GET", "HEAD"]),
    headers: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal("migration"), name: z.string() }),
  z.object({ kind: z.literal("job"), queue: z.string() }),
  z.object({
    kind: z.literal("traces"),
    service: z.string(),
    operation: z.string(),
    tags: z.record(z.string(), z.string()),
    lookbackMs: ms,
  }),
  z.object({ kind: z.literal("github"), workflow: z.string(), ref: z.string() }),
]);
export type CheckProbe = z.infer<typeof probeSchema>;

/** A question to a live system, asked again and again while its step is open. */
export const liveCheckSchema = z.object({
  line: z.number().check(z.int(), z.minimum(1)),
  probe: probeSchema,
  /** A name the server knows an address by; "" for the default. */
  source: z.string(),
  /** An expression over what the probe answers; true is what the step waits for. */
  expect: z.string(),
  everyMs: ms,
  forMs: z.number().check(z.int(), z.minimum(0)),
  timeoutMs: ms,
  mode: z.enum(CHECK_MODES),
});
export type LiveCheck = z.infer<typeof liveCheckSchema>;
