import * as z from "zod/mini";

/** Every cause the diagnosis can name; docs/diagnosis.md says what each means and cannot know. */
export const FINDING_KINDS = [
  "n-plus-one",
  "slow-query",
  "slow-external-call",
  "sequential-calls",
  "straggler",
  "unaccounted-time",
  "heavy-span",
  "queue-wait",
  "retries",
  "error-origin",
  "clock-skew",
  "missing-spans",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Kinds that say how far the trace itself can be believed. They stand last. */
export const TRUST_KINDS: ReadonlySet<FindingKind> = new Set(["clock-skew", "missing-spans"]);

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const findingSchema = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  severity: z.enum(SEVERITIES),
  /** Of the culprit: the repeated or slow call, the parent with the gap, the leaf, the consumer, the failing span. */
  service: z.string(),
  operation: z.string(),
  /** Its spans, at most {@link MAX_EVIDENCE_SPANS}, earliest first. */
  spanIds: z.array(z.string()),
  /** Its part of the time the trace took, on the critical path. */
  shareOfTrace: z.number().check(z.minimum(0), z.maximum(1)),
  /**
   * How much earlier the trace would end without it and all findings before it than without those alone: the critical path
   * computed again. All savings together never exceed what the trace took.
   */
  savesUs: z.number().check(z.minimum(0)),
  /** What is usual of the same step, where there is history. */
  usual: z.optional(z.object({ p50Us: z.number(), p95Us: z.number(), count: z.number() })),
  sentence: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Rows a finding or a clause carries; the sentence tells the whole count. */
export const MAX_EVIDENCE_SPANS = 2_000;

export const clauseSchema = z.object({
  kind: z.enum(["finding", "own-work", "calls", "unaccounted", "rest"]),
  text: z.string(),
  timeUs: z.number().check(z.minimum(0)),
  service: z.string(),
  /** Which finding it belongs to, or null. */
  findingIndex: z.nullable(z.number().check(z.int(), z.minimum(0))),
  /** Rows of the skeleton. */
  rows: z.array(z.number().check(z.int())),
});
export type Clause = z.infer<typeof clauseSchema>;

/** How a request compares with others of its operation, of which there are five or more. */
export const standingSchema = z.object({
  /** What the operation takes when nothing is wrong. */
  typicalUs: z.number(),
  /** Whether the request took longer than is usual when nothing is wrong. */
  isSlow: z.boolean(),
  /** Requests that it was compared with. */
  traceCount: z.number(),
  /** Of them as slow as this one, where they fall into quick and slow ones. */
  slowCount: z.optional(z.number()),
  /** Of these, in how many the steps of the first finding took about as long. */
  alikeCount: z.optional(z.number()),
  /** Of them that go the same longer way, with steps the others do not have, where nothing is wrong with that. */
  wayCount: z.optional(z.number()),
  /** What the quick ones take, where there were slow ones from the first: `typicalUs` is then that of the slow ones. */
  quickUs: z.optional(z.number()),
  /** Where it takes long and is no slower than usual: when the first request it was compared with began, epoch microseconds. */
  sinceUs: z.optional(z.number()),
  /** What such requests took on the day before that, where it is known and matters. */
  dayBefore: z.optional(z.object({ p50Us: z.number(), count: z.number() })),
});
export type Standing = z.infer<typeof standingSchema>;

/** Why the trace took as long as it did, as a sum: the clauses' times add up to `durationUs`, to the microsecond. */
export const verdictSchema = z.object({
  sentence: z.string(),
  durationUs: z.number().check(z.minimum(0)),
  clauses: z.array(clauseSchema),
  /** What no finding explains: of what the trace took more than usual where that is known, else of all its time. */
  unexplainedUs: z.number().check(z.minimum(0)),
  /** How much longer than usual the trace took, where there is history; 0 for none. */
  excessUs: z.optional(z.number().check(z.minimum(0))),
  /** Whether the findings explain enough to name a cause. */
  isConfident: z.boolean(),
  /** Without a cause, where nearly all steps are slower than usual: how many times, in the middle. */
  pace: z.optional(z.number()),
  standing: z.optional(standingSchema),
  /** How long the work lay in a queue before the trace began, where a link to another trace tells. */
  waitedBeforeUs: z.optional(z.number().check(z.minimum(0))),
  /** Where the request's own span is missing, and the verdict is of the longest part that came: how long all that came runs. */
  partOfUs: z.optional(z.number().check(z.minimum(0))),
  /** Where several requests share the trace: how many, and how long it runs with all of them. The verdict is of the first. */
  requests: z.optional(z.object({ count: z.number(), wholeUs: z.number() })),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const findingsReplySchema = z.object({
  verdict: verdictSchema,
  findings: z.array(findingSchema),
  evidence: z.object({
    /** The version of the trace whose rows these are. */
    version: z.string(),
    /** Per finding, in the order of its `spanIds`. */
    rows: z.array(z.array(z.number().check(z.int()))),
    /** Per finding: the spans it is about; more than {@link MAX_EVIDENCE_SPANS} are not all among `spanIds`. */
    spanCounts: z.array(z.number().check(z.int(), z.minimum(0))),
    /** Per finding: how long the trace would have taken without it alone. */
    savedDurationsUs: z.array(z.number().check(z.minimum(0))),
  }),
});
export type FindingsReply = z.infer<typeof findingsReplySchema>;
