import * as z from "zod/mini";
import { findUnseen } from "./domain/commands/visible-text";
import { EXPORT_FORMATS } from "./domain/export-run";
import { CHECK_VERDICTS } from "./domain/judge-check";
import { RUNBOOK_MATCHES } from "./domain/match-aim";
import { runbookParamSchema } from "./domain/params";
import { problemSchema } from "./domain/problem";
import { backOutSchema, RUN_STATUSES, runEventSchema, stepStateSchema } from "./domain/run-state";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "./domain/runbook-kind";
import { stepTreeSchema } from "./domain/step-tree";

/** A place runbooks are read from. */
export const runbookSourceSchema = z.object({
  name: z.string(),
  kind: z.enum(["directory", "git"]),
  /** Path or URL, without credentials. */
  location: z.string(),
  ref: z.nullable(z.string()),
  commit: z.nullable(z.string()),
  /** When it was last read without trouble; null before the first time. */
  syncedAt: z.nullable(z.string()),
  checkedAt: z.nullable(z.string()),
  /** Why the last attempt failed; what was read before is still shown. */
  failure: z.nullable(z.string()),
  /** Things left out of a source that could be read: too many files, links out of it. */
  notes: z.array(z.string()),
  runbookCount: z.number().check(z.int()),
});
export type RunbookSource = z.infer<typeof runbookSourceSchema>;

export const runbookSummarySchema = z.object({
  id: z.string(),
  source: z.string(),
  path: z.string(),
  title: z.string(),
  summary: z.string(),
  kind: z.enum(RUNBOOK_KINDS),
  status: z.enum(RUNBOOK_STATUSES),
  isTemplate: z.boolean(),
  owners: z.array(z.string()),
  tags: z.array(z.string()),
  services: z.array(z.string()),
  alerts: z.array(z.string()),
  stepCount: z.number().check(z.int()),
  errorCount: z.number().check(z.int()),
  warningCount: z.number().check(z.int()),
  /** Last change of the content: the commit's time, or the file's. */
  changedAt: z.string(),
  changedBy: z.nullable(z.string()),
  /** The newest run, ended or not. */
  lastRun: z.nullable(z.object({ id: z.string(), at: z.string(), status: z.enum(RUN_STATUSES) })),
  activeRunCount: z.number().check(z.int()),
});
export type RunbookSummary = z.infer<typeof runbookSummarySchema>;

export const runbookQuerySchema = z.strictObject({
  q: z._default(z.string().check(z.maxLength(200)), ""),
  kind: z.optional(z.enum(RUNBOOK_KINDS)),
  source: z.optional(z.string().check(z.maxLength(60))),
});
export type RunbookQuery = z.infer<typeof runbookQuerySchema>;

export const runbookListSchema = z.object({
  sources: z.array(runbookSourceSchema),
  /** Best match first when there is something to search for, else by source and title. */
  runbooks: z.array(runbookSummarySchema),
  /** How many there are before `q` and the filters. */
  total: z.number().check(z.int()),
  /** Counts per kind under the same `q` and source. */
  countByKind: z.record(z.enum(RUNBOOK_KINDS), z.number().check(z.int())),
});
export type RunbookList = z.infer<typeof runbookListSchema>;

/** What somebody stands before: a service, one of its operations, a kind of finding. */
export const runbookAimSchema = z.strictObject({
  service: z._default(z.string().check(z.maxLength(4096)), ""),
  operation: z._default(z.string().check(z.maxLength(4096)), ""),
  finding: z._default(z.string().check(z.maxLength(100)), ""),
});
export type RunbookAim = z.infer<typeof runbookAimSchema>;

/** Runbooks that say they are for it, best first; few enough to read. */
export const matchingRunbooksSchema = z.object({
  runbooks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      stepCount: z.number(),
      canStart: z.boolean(),
      placeholders: z.array(z.string()),
      matches: z.array(z.enum(RUNBOOK_MATCHES)),
      lastRun: runbookSummarySchema.shape.lastRun,
    }),
  ),
});
export type MatchingRunbook = z.infer<typeof matchingRunbooksSchema>["runbooks"][number];

export const runbookDetailSchema = z.extend(runbookSummarySchema, {
  blob: z.string(),
  commit: z.nullable(z.string()),
  text: z.string(),
  tree: stepTreeSchema,
  /** The values its commands ask for, with the rules its author declared. */
  asked: z.array(runbookParamSchema),
  problems: z.array(problemSchema),
  /** Why a start must be confirmed by typing the title; null for an ordinary one. */
  caution: z.nullable(z.string()),
  /** Ids of the runbooks of the same source by path, to turn links into links here. */
  idByPath: z.record(z.string(), z.string()),
  sourceState: runbookSourceSchema,
});
export type RunbookDetail = z.infer<typeof runbookDetailSchema>;

export const runbookParamsSchema = z.object({
  id: z.array(z.string().check(z.maxLength(300))).check(z.minLength(1), z.maxLength(20)),
});

const oneLine = z.refine<string>((text) => findUnseen(text) === undefined, {
  error: ({ input }) => findUnseen(String(input)) ?? "is not valid",
});
const paramName = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9 _-]{0,59}$/));

export const startRunSchema = z.strictObject({
  runbookId: z.string().check(z.minLength(1), z.maxLength(1000)),
  title: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200), oneLine)),
  /** Values of its placeholders. Each is one line of characters that can be seen: it may become part of a command. */
  params: z._default(z.record(paramName, z.string().check(z.trim(), z.maxLength(1000), oneLine)), {}),
  /** The runbook's title, typed: asked for where a start needs care. */
  confirmation: z.optional(z.string().check(z.maxLength(300))),
  /** Repeated with the same key, the first answer comes again instead of a second run. */
  idempotencyKey: z.optional(z.string().check(z.minLength(8), z.maxLength(100))),
});
export type StartRun = z.input<typeof startRunSchema>;

export const runSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  runbookId: z.string(),
  source: z.string(),
  path: z.string(),
  commit: z.nullable(z.string()),
  blob: z.string(),
  status: z.enum(RUN_STATUSES),
  sequence: z.number().check(z.int()),
  startedBy: z.string(),
  startedAt: z.string(),
  endedBy: z.nullable(z.string()),
  endedAt: z.nullable(z.string()),
  stepCount: z.number().check(z.int()),
  doneCount: z.number().check(z.int()),
  skippedCount: z.number().check(z.int()),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runQuerySchema = z.strictObject({
  status: z.optional(z.enum(RUN_STATUSES)),
  runbookId: z.optional(z.string().check(z.maxLength(1000))),
  /** Runs older than the one with this id. */
  before: z.optional(z.coerce.number().check(z.int(), z.minimum(1))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

export const runListSchema = z.object({
  runs: z.array(runSummarySchema),
  /** Pass as `before` for the next page; null at the end. */
  nextBefore: z.nullable(z.number().check(z.int())),
});
export type RunList = z.infer<typeof runListSchema>;

/** What changes while a run is followed; sent whole with every change, `sequence` is its version. */
export const runSnapshotSchema = z.extend(runSummarySchema, {
  /** As the runbook's rules make them; a step that is open and untouched is absent. */
  steps: z.record(z.string(), stepStateSchema),
  events: z.array(runEventSchema),
  endReason: z.string(),
  /** Who holds which role. */
  roles: z.record(z.string(), z.string()),
  backOut: z.nullable(backOutSchema),
  /** Steps of the way back for what was really done, the newest first. */
  rollbackOrder: z.array(z.string()),
});
export type RunSnapshot = z.infer<typeof runSnapshotSchema>;

const usualDurationSchema = z.object({ count: z.number(), p20Ms: z.number(), medianMs: z.number(), p80Ms: z.number() });
export type UsualDuration = z.infer<typeof usualDurationSchema>;

export const runDetailSchema = z.extend(runSnapshotSchema, {
  text: z.string(),
  tree: stepTreeSchema,
  params: z.record(z.string(), z.string()),
  /** The runbook as it is now, beside the one this run is pinned to. */
  runbookNow: z.enum(["same", "changed", "gone"]),
  /** How long finished runs of the same runbook took; null before there are three. */
  usualDuration: z.nullable(usualDurationSchema),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const runParamsSchema = z.object({ id: z.string().check(z.regex(/^[1-9]\d{0,14}$/)) });

const eventBase = {
  /** Sent again with the same key, an event is acknowledged again and not added twice. */
  idempotencyKey: z.string().check(z.minLength(8), z.maxLength(100)),
  /** The run's sequence the sender had seen. */
  expectedSequence: z.number().check(z.int(), z.minimum(0)),
  /** When it was done, where it could be sent only later; the log keeps both times. */
  madeAt: z.optional(z.iso.datetime()),
};
const stepId = z.string().check(z.regex(/^\d{1,4}(\.\d{1,4}){0,8}$/));
const optionalText = z._default(z.string().check(z.trim(), z.maxLength(4000)), "");
const requiredText = z.string().check(z.trim(), z.minLength(1, "say why"), z.maxLength(4000));

const proof = {
  /** A link, a note or an output, as the step asks for. */
  evidence: z.optional(z.string().check(z.trim(), z.maxLength(4000))),
  /** What was typed to confirm. */
  confirm: z.optional(z.string().check(z.maxLength(1000))),
};
const role = z.string().check(z.minLength(1), z.maxLength(60));
const person = z.string().check(z.trim(), z.maxLength(100), oneLine);

export const appendRunEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...eventBase, type: z.literal("begin"), stepId, text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("tick"), stepId, text: optionalText, ...proof }),
  z.strictObject({ ...eventBase, type: z.literal("ask"), stepId, text: optionalText, ...proof }),
  z.strictObject({ ...eventBase, type: z.literal("override"), stepId, text: requiredText, ...proof }),
  z.strictObject({ ...eventBase, type: z.literal("untick"), stepId, text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("skip"), stepId, text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("na"), stepId, text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("fail"), stepId, text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("choose"), stepId, text: optionalText }),
  // Without a step: consent to backing out.
  z.strictObject({ ...eventBase, type: z.literal("approve"), stepId: z.optional(stepId), text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("reject"), stepId: z.optional(stepId), text: requiredText }),
  // Of a step to a person, or of a role to one.
  z.strictObject({
    ...eventBase,
    type: z.literal("assign"),
    stepId: z.optional(stepId),
    role: z.optional(role),
    person,
    text: optionalText,
  }),
  z.strictObject({ ...eventBase, type: z.literal("abort"), text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("resume"), text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("note"), stepId: z.optional(stepId), text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("finish"), text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("abandon"), text: requiredText }),
]);
export type AppendRunEvent = z.input<typeof appendRunEventSchema>;
export type ParsedRunEvent = z.output<typeof appendRunEventSchema>;

export const appendedRunEventSchema = z.object({ event: runEventSchema });
export const runStartedSchema = z.object({ run: runSummarySchema });

export const runPresenceSchema = z.strictObject({
  /** The step the reader is at. */
  stepId: z.optional(stepId),
});

/** Who has a run open now, by name; fifty at most. */
export const runPeopleSchema = z.object({
  people: z.array(z.object({ person: z.string(), stepId: z.nullable(z.string()), seenAt: z.string() })),
});
export type RunPeople = z.infer<typeof runPeopleSchema>;

/** The newest sample of one check of a run. */
export const runCheckSchema = z.object({
  stepId: z.string(),
  /** Which of the step's checks, from 0. */
  position: z.number().check(z.int(), z.minimum(0)),
  /** Unknown is neither: the question had no answer. */
  verdict: z.enum(CHECK_VERDICTS),
  /** What was found, in words. */
  reading: z.string(),
  sampledAt: z.string(),
  /** Since when every sample was true; null while the newest is not. */
  trueSince: z.nullable(z.string()),
});
export type RunCheck = z.infer<typeof runCheckSchema>;

export const runChecksSchema = z.object({ checks: z.array(runCheckSchema) });

export const exportRunSchema = z.strictObject({ format: z._default(z.enum(EXPORT_FORMATS), "markdown") });
/** A file; its JSON is the run with its steps and events. */
export const exportedRunSchema = z.object({ id: z.string(), events: z.array(runEventSchema) });
