import * as z from "zod/mini";
import type { DesiredState, MigrationState, ObjectState } from "./states";

const count = z.number().check(z.int(), z.minimum(0));
const iso = z.iso.datetime();

/** States a job may report, by rank: an item goes up or stays, never down without saying so. */
export const REPORT_RANKS = {
  pending: 0,
  failed: 1,
  missing_source: 1,
  conflict: 1,
  skipped_filtered: 2,
  skipped_identical: 2,
  copied: 2,
  verified: 3,
} as const satisfies Partial<Record<ObjectState, number>>;
export type ReportState = keyof typeof REPORT_RANKS;
export const REPORT_STATES = Object.keys(REPORT_RANKS) as ReportState[];

/** What a writer says of itself. */
export const WRITER_STATUSES = ["running", "paused", "stopped"] as const;
export type WriterStatus = (typeof WRITER_STATUSES)[number];

/** A writer that says nothing for this long is stalled: twelve heartbeats of the clients we ship. */
export const SILENT_AFTER_MS = 60_000;

const REF_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
/** The job's own name for its migration. */
export const externalRefSchema = z
  .string()
  .check(z.regex(REF_PATTERN, "must be 1 to 100 letters, digits, dots, dashes, colons or underscores"));

/** What a snapshot says of the job that reports. Its numbers are somebody's word. */
export const reportedSchema = z.object({
  externalRef: z.string(),
  /** "items": said object by object. "ticks": a counter of another program, without a word about any object. */
  grade: z.enum(["items", "ticks"]),
  declared: z.object({ objects: z.nullable(count), bytes: z.nullable(count) }),
  completedAt: z.nullable(iso),
  lastHeardAt: z.nullable(iso),
  streams: z.array(
    z.object({
      id: z.uuid(),
      writer: z.string(),
      epoch: count,
      nextSeq: count,
      status: z.enum(WRITER_STATUSES),
      currentKey: z.nullable(z.string()),
      lastHeardAt: iso,
    }),
  ),
  /** A run of maintenance_tasks as its own table tells it. */
  run: z.nullable(
    z.object({
      database: z.string(),
      task: z.string(),
      runId: z.nullable(z.string()),
      status: z.nullable(z.string()),
      tickCount: z.nullable(count),
      tickTotal: z.nullable(count),
      cursor: z.nullable(z.string()),
      error: z.nullable(z.string()),
      /** Why it could not be read just now. */
      problem: z.nullable(z.string()),
      seenAt: iso,
    }),
  ),
});
export type Reported = z.output<typeof reportedSchema>;

/** `POST /api/s3-migrations/tokens` */
export const createTokenSchema = z.strictObject({
  externalRef: externalRefSchema,
  label: z._default(
    z.string().check(z.trim(), z.maxLength(100), z.regex(/^[^\p{Cc}]*$/u, "must hold no control characters")),
    "",
  ),
  days: z._default(z.number().check(z.minimum(0.01), z.maximum(366)), 30),
  /** May take back what it said of an object. */
  mayReset: z._default(z.boolean(), false),
});
export type CreateToken = z.input<typeof createTokenSchema>;

export const reportTokenSchema = z.object({
  id: z.uuid(),
  externalRef: z.string(),
  label: z.string(),
  mayReset: z.boolean(),
  createdBy: z.string(),
  createdAt: iso,
  expiresAt: iso,
  revokedAt: z.nullable(iso),
  lastUsedAt: z.nullable(iso),
});
export type ReportToken = z.output<typeof reportTokenSchema>;
/** The token itself is told this once. */
export const createdTokenSchema = z.extend(reportTokenSchema, { token: z.string() });
export const tokenListSchema = z.object({ tokens: z.array(reportTokenSchema) });
export const tokenQuerySchema = z.strictObject({ externalRef: z.optional(externalRefSchema) });
export const tokenIdSchema = z.strictObject({ tokenId: z.uuid() });

/** `POST /api/s3-migrations/watched`: shows the newest run of a task of the gem maintenance_tasks. */
export const watchTaskSchema = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120), z.regex(/^[^\p{Cc}]*$/u)),
  /** A name in the worker's `OPS_DATABASES`. */
  database: z.string().check(z.regex(/^[a-z0-9_-]{1,60}$/i, "must be a name in the worker's OPS_DATABASES")),
  /** Class name, as `Maintenance::MoveAvatarsTask`. */
  task: z.string().check(z.regex(/^[A-Za-z0-9_:]{1,200}$/, "must be a class name like Maintenance::MoveAvatarsTask")),
});
export type WatchTask = z.input<typeof watchTaskSchema>;

export type ReportFacts = {
  desired: DesiredState;
  isComplete: boolean;
  /** Of each writer: what it says, and for how long it has been silent. */
  writers: readonly { status: WriterStatus; silentMs: number }[];
};

/** Where a reported migration stands: what the job says and does, not what people asked of it. */
export function reportedState({ desired, isComplete, writers }: ReportFacts): MigrationState {
  if (isComplete) return "reported";
  const isQuiet = (statuses: WriterStatus[]) =>
    writers.every(({ status, silentMs }) => statuses.includes(status) || silentMs > SILENT_AFTER_MS);
  if (desired === "cancelled") return isQuiet(["stopped"]) ? "cancelled" : "cancelling";
  if (desired === "paused") return isQuiet(["paused", "stopped"]) ? "paused" : "running";
  return writers.length === 0 ? "draft" : "running";
}
