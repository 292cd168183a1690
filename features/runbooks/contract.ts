import { z } from "zod";
import { problemSchema } from "./domain/problem";
import { RUN_STATUSES, runEventSchema, stepStateSchema } from "./domain/run-state";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "./domain/runbook-kind";
import { stepTreeSchema } from "./domain/step-tree";

/** A place runbooks are read from. */
export const runbookSourceSchema = z.object({
  name: z.string(),
  kind: z.enum(["directory", "git"]),
  /** Path or URL, without credentials. */
  location: z.string(),
  ref: z.string().nullable(),
  commit: z.string().nullable(),
  /** When it was last read without trouble; null before the first time. */
  syncedAt: z.string().nullable(),
  checkedAt: z.string().nullable(),
  /** Why the last attempt failed; what was read before is still shown. */
  failure: z.string().nullable(),
  /** Things left out of a source that could be read: too many files, links out of it. */
  notes: z.array(z.string()),
  runbookCount: z.number().int(),
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
  stepCount: z.number().int(),
  errorCount: z.number().int(),
  warningCount: z.number().int(),
  /** Last change of the content: the commit's time, or the file's. */
  changedAt: z.string(),
  changedBy: z.string().nullable(),
  /** The newest run, ended or not. */
  lastRun: z.object({ id: z.string(), at: z.string(), status: z.enum(RUN_STATUSES) }).nullable(),
  activeRunCount: z.number().int(),
});
export type RunbookSummary = z.infer<typeof runbookSummarySchema>;

export const runbookQuerySchema = z.strictObject({
  q: z.string().max(200).default(""),
  kind: z.enum(RUNBOOK_KINDS).optional(),
  source: z.string().max(60).optional(),
});
export type RunbookQuery = z.infer<typeof runbookQuerySchema>;

export const runbookListSchema = z.object({
  sources: z.array(runbookSourceSchema),
  /** Best match first when there is something to search for, else by source and title. */
  runbooks: z.array(runbookSummarySchema),
  /** How many there are before `q` and the filters. */
  total: z.number().int(),
  /** Counts per kind under the same `q` and source. */
  countByKind: z.record(z.enum(RUNBOOK_KINDS), z.number().int()),
});
export type RunbookList = z.infer<typeof runbookListSchema>;

export const runbookDetailSchema = runbookSummarySchema.extend({
  blob: z.string(),
  commit: z.string().nullable(),
  text: z.string(),
  tree: stepTreeSchema,
  placeholders: z.array(z.string()),
  problems: z.array(problemSchema),
  /** Ids of the runbooks of the same source by path, to turn links into links here. */
  idByPath: z.record(z.string(), z.string()),
  sourceState: runbookSourceSchema,
});
export type RunbookDetail = z.infer<typeof runbookDetailSchema>;

export const runbookParamsSchema = z.object({ id: z.array(z.string().max(300)).min(1).max(20) });

const paramName = z.string().regex(/^[A-Za-z][A-Za-z0-9 _-]{0,59}$/);

export const startRunSchema = z.strictObject({
  runbookId: z.string().min(1).max(1000),
  title: z.string().trim().min(1).max(200).optional(),
  params: z.record(paramName, z.string().trim().max(1000)).default({}),
  /** Repeated with the same key, the first answer comes again instead of a second run. */
  idempotencyKey: z.string().min(8).max(100).optional(),
});
export type StartRun = z.input<typeof startRunSchema>;

export const runSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  runbookId: z.string(),
  source: z.string(),
  path: z.string(),
  commit: z.string().nullable(),
  blob: z.string(),
  status: z.enum(RUN_STATUSES),
  sequence: z.number().int(),
  startedBy: z.string(),
  startedAt: z.string(),
  endedBy: z.string().nullable(),
  endedAt: z.string().nullable(),
  stepCount: z.number().int(),
  doneCount: z.number().int(),
  skippedCount: z.number().int(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runQuerySchema = z.strictObject({
  status: z.enum(RUN_STATUSES).optional(),
  runbookId: z.string().max(1000).optional(),
  /** Runs older than the one with this id. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

export const runListSchema = z.object({
  runs: z.array(runSummarySchema),
  /** Pass as `before` for the next page; null at the end. */
  nextBefore: z.number().int().nullable(),
});
export type RunList = z.infer<typeof runListSchema>;

/** What changes while a run is followed; sent whole with every change, `sequence` is its version. */
export const runSnapshotSchema = runSummarySchema.extend({
  steps: z.record(z.string(), stepStateSchema),
  events: z.array(runEventSchema),
  endReason: z.string(),
});
export type RunSnapshot = z.infer<typeof runSnapshotSchema>;

export const runDetailSchema = runSnapshotSchema.extend({
  text: z.string(),
  tree: stepTreeSchema,
  params: z.record(z.string(), z.string()),
  /** The runbook as it is now, beside the one this run is pinned to. */
  runbookNow: z.enum(["same", "changed", "gone"]),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const runParamsSchema = z.object({ id: z.string().regex(/^[1-9]\d{0,14}$/) });

const eventBase = {
  /** Sent again with the same key, an event is acknowledged again and not added twice. */
  idempotencyKey: z.string().min(8).max(100),
  /** The run's sequence the sender had seen. */
  expectedSequence: z.number().int().min(0),
};
const stepId = z.string().regex(/^\d{1,4}(\.\d{1,4}){0,8}$/);
const optionalText = z.string().trim().max(4000).default("");
const requiredText = z.string().trim().min(1, "say why").max(4000);

export const appendRunEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...eventBase, type: z.literal("tick"), stepId, text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("untick"), stepId, text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("skip"), stepId, text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("note"), stepId: stepId.optional(), text: requiredText }),
  z.strictObject({ ...eventBase, type: z.literal("finish"), text: optionalText }),
  z.strictObject({ ...eventBase, type: z.literal("abandon"), text: requiredText }),
]);
export type AppendRunEvent = z.input<typeof appendRunEventSchema>;
export type ParsedRunEvent = z.output<typeof appendRunEventSchema>;

export const appendedRunEventSchema = z.object({ event: runEventSchema });
export const runStartedSchema = z.object({ run: runSummarySchema });
