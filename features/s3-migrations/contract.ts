import * as z from "zod/mini";
import { LEVEL_REASONS } from "./domain/concurrency-level";
import { configureSchema, configVersionSchema } from "./domain/config";
import { abilitiesSchema } from "./domain/destination-abilities";
import { etaSchema } from "./domain/eta";
import { failureShape } from "./domain/object-contract";
import { passSchema, phaseEntrySchema, phaseShape } from "./domain/phase-schema";
import {
  destinationSchema,
  optionsSchema,
  shownDestinationSchema,
  shownSourceSchema,
  sourceSchema,
} from "./domain/plan-spec";
import { reportedSchema } from "./domain/reported";
import {
  COMMAND_VERBS,
  DESIRED_STATES,
  ERROR_CLASSES,
  MIGRATION_PHASES,
  MIGRATION_STATES,
  OBJECT_STATES,
  VERIFY_TIERS,
} from "./domain/states";

export type { Configure } from "./domain/config";
export type { DestinationAbilities } from "./domain/destination-abilities";
export type { Eta } from "./domain/eta";
export * from "./domain/finding-contract";
export * from "./domain/object-contract";
export {
  type OrphansQuery,
  type OrphansReply,
  orphansQuerySchema,
  orphansReplySchema,
  type Pass,
  type PhaseEntry,
} from "./domain/phase-schema";
export * from "./domain/plan-contract";
export type { PlanFacts } from "./domain/plan-facts";
export { type PlanCost, priceTableSchema } from "./domain/plan-forecast";
export { placeOf } from "./domain/plan-spec";
export { referencesQuerySchema } from "./domain/reference-sql";
export * from "./domain/report-contract";
export * from "./domain/reported";
export { parseAmount, parseWindow } from "./domain/time-window-text";
export * from "./domain/upload-contract";
export { abilitiesSchema, destinationSchema, optionsSchema, sourceSchema };

const count = z.number().check(z.int(), z.minimum(0));
const iso = z.iso.datetime();

/** `POST /api/s3-migrations`: lists and plans at once; copies at once too when `start` is set. */
export const createS3MigrationSchema = z.strictObject({
  name: z
    .string()
    .check(z.trim(), z.minLength(1), z.maxLength(120), z.regex(/^[^\p{Cc}]*$/u, "must hold no control characters")),
  source: sourceSchema,
  destination: destinationSchema,
  options: z
    .prefault(optionsSchema, {})
    .check(z.refine(({ mode }) => mode !== "reported", "a reported migration is made by the job that reports it")),
  start: z._default(z.boolean(), false),
});
export type CreateS3Migration = z.input<typeof createS3MigrationSchema>;

/** `POST /api/s3-migrations/{id}/commands`. Sending the same `idempotencyKey` again does nothing again. */
export const s3CommandSchema = z.strictObject({
  verb: z.enum(COMMAND_VERBS),
  idempotencyKey: z.string().check(z.minLength(8), z.maxLength(100)),
  /** `commandVersion` of the snapshot the person saw; a newer one is a 409. Absent = whatever it is now. */
  expectedVersion: z.optional(count),
  reason: z.optional(z.string().check(z.trim(), z.maxLength(500))),
  /** Only for `start`: the plan the person saw; another one by now is a 409 `plan_changed`. */
  planHash: z.optional(z.string().check(z.maxLength(100))),
  /**
   * Only for `start`: approves whatever the plan says, seen or not. A start needs this or `planHash`; without either it is
   * refused (428 `plan_unnamed`).
   */
  unplanned: z.optional(z.literal(true)),
  /** Only for `configure`: what is to be another from now on. */
  configure: z.optional(configureSchema),
  /** Only for `retry_failed`: the failures to retry; absent = all of them. */
  only: z.optional(
    z.strictObject({
      errorClass: z.optional(z.enum(ERROR_CLASSES)),
      code: z.optional(z.string().check(z.maxLength(100))),
      /** Numbers of the objects a person picked. */
      objectIds: z.optional(z.array(count).check(z.minLength(1), z.maxLength(1000))),
    }),
  ),
});
export type S3Command = z.input<typeof s3CommandSchema>;

export const s3MigrationIdSchema = z.strictObject({ id: z.uuid() });

const rateSchema = z.object({
  /** Half-life 30 s: what happens now. */
  objectsPerSecond: z.number(),
  bytesPerSecond: z.number(),
  /** Over all time that was spent working: pauses excluded. */
  lifetimeObjectsPerSecond: z.number(),
});

const countsSchema = z.record(z.enum(OBJECT_STATES), count);

/** Everything a screen needs to draw one migration now. Also each frame of the event stream and each row of the list. */
export const s3MigrationSnapshotSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  isSample: z.boolean(),
  state: z.enum(MIGRATION_STATES),
  desiredState: z.enum(DESIRED_STATES),
  phase: z.enum(MIGRATION_PHASES),
  /** Commands that mean something now. */
  allowedVerbs: z.array(z.enum(COMMAND_VERBS)),
  /** Grows with every visible change; the event stream's frame id. */
  version: count,
  /** Grows with every command; send it back as `expectedVersion`. */
  commandVersion: count,
  source: shownSourceSchema,
  destination: shownDestinationSchema,
  options: optionsSchema,
  /** Grows with every `configure`; 1 = as planned. */
  configVersion: count,
  abilities: z.nullable(abilitiesSchema),
  createdBy: z.string(),
  createdAt: iso,
  /** First object copied. */
  startedAt: z.nullable(iso),
  /** State became final. */
  finishedAt: z.nullable(iso),
  updatedAt: iso,
  /** Why the engine stopped by itself; one alert, not one per object. */
  stopped: z.nullable(z.object({ errorClass: z.enum(ERROR_CLASSES), message: z.string(), at: iso })),
  /** Why this plan can never run: two sources for one destination key. Only another plan helps. */
  blocked: z.nullable(z.string()),
  inventory: z.object({
    /** Sealed totals are final; before that they only grow. */
    sealedAt: z.nullable(iso),
    objects: count,
    bytes: count,
    chunks: count,
  }),
  /** Sums to `inventory.objects` once sealed: the conservation law. */
  counts: countsSchema,
  /** Objects at the destination by how surely, weakest first; `none` is absent. */
  tiers: z.array(z.object({ tier: z.enum(VERIFY_TIERS), objects: count, bytes: count })),
  /** What goes with the bytes. */
  kept: z.object({
    /** The destination tells what was sent: type, headers, metadata, and what else the plan keeps. */
    headersProven: count,
    headersDiffer: count,
    /** The first bytes are of another type than was told. */
    typesDiffer: count,
  }),
  bytes: z.object({
    /** At the destination, any tier. */
    present: count,
    waiting: count,
    /** Failed, conflicting, missing, filtered or ignored. */
    other: count,
  }),
  rate: z.nullable(rateSchema),
  eta: etaSchema,
  /** What it waits for, although people want it to run: its next window. `opensAt` is null when none comes in days. */
  waiting: z.nullable(
    z.object({ reason: z.literal("window"), opensAt: z.nullable(iso), timeZone: z.nullable(z.string()) }),
  ),
  engine: z.object({
    /** Chunks leased now. */
    leases: count,
    workers: count,
    /** Sum of the workers' present limits of objects in flight. */
    concurrency: count,
    retries: count,
    throttledMs: count,
    /** A store has been asking for less for minutes. */
    throttledSince: z.optional(iso),
  }),
  ...phaseShape,
  /** What is known of the job elsewhere; null for migrations of our own engine. */
  reported: z.nullable(reportedSchema),
});
export type S3MigrationSnapshot = z.output<typeof s3MigrationSnapshotSchema>;

export const s3MigrationListSchema = z.object({ migrations: z.array(s3MigrationSnapshotSchema) });

/** `GET …/{id}`: the snapshot, the history of the chart and the commands. */
export const s3MigrationDetailSchema = z.object({
  snapshot: s3MigrationSnapshotSchema,
  /** Oldest first, 5 s apart while working, thinned to at most 720 points. */
  samples: z.array(
    z.object({
      at: iso,
      /** Settled in the phase of that moment, cumulative. */
      objects: count,
      bytes: count,
      failed: count,
      objectsPerSecond: z.number(),
      bytesPerSecond: z.number(),
      workers: count,
      concurrency: count,
      throttledMs: count,
      state: z.enum(MIGRATION_STATES),
      /** The finish as forecast then, 20th to 80th percentile; null while nobody could say. */
      eta: z.nullable(z.object({ earliestAt: iso, latestAt: iso })),
      /** How long the destination took to answer small writes since the point before, of all workers; null without one. */
      putMs: z.nullable(z.object({ p50: z.number(), p95: z.number() })),
    }),
  ),
  /** Every sealed look at the source, oldest first. */
  passes: z.array(passSchema),
  phases: z.array(phaseEntrySchema),
  /** What was changed while it runs, newest first, at most 100. */
  configs: z.array(configVersionSchema),
  /** When a worker let fewer objects into flight, and why; oldest first, at most 200. */
  levels: z.array(z.object({ at: iso, reason: z.enum(LEVEL_REASONS), from: count, to: count })),
  /** Newest first, at most 100. */
  commands: z.array(
    z.object({
      id: count,
      verb: z.enum(COMMAND_VERBS),
      actor: z.string(),
      reason: z.nullable(z.string()),
      at: iso,
      /** `null` until the engine has followed. */
      appliedAt: z.nullable(iso),
    }),
  ),
});
export type S3MigrationDetail = z.output<typeof s3MigrationDetailSchema>;

/** `GET …/{id}/failures?state&errorClass&code&cursor&limit` */
export const failuresQuerySchema = z.strictObject({
  state: z.optional(z.enum(OBJECT_STATES)),
  errorClass: z.optional(z.enum(ERROR_CLASSES)),
  code: z.optional(z.string().check(z.maxLength(100))),
  cursor: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(500)), 100),
});
export type FailuresQuery = z.input<typeof failuresQuerySchema>;

export const failuresReplySchema = z.object({
  /** All open failures by cause, largest first. */
  groups: z.array(
    z.object({
      state: z.enum(OBJECT_STATES),
      errorClass: z.enum(ERROR_CLASSES),
      code: z.string(),
      objects: count,
      firstAt: iso,
      lastAt: iso,
      example: z.object({ key: z.string(), message: z.string() }),
    }),
  ),
  failures: z.array(
    z.object({
      objectId: count,
      chunkId: count,
      key: z.string(),
      sizeBytes: count,
      state: z.enum(OBJECT_STATES),
      ...failureShape,
    }),
  ),
  nextCursor: z.nullable(count),
});
export type FailuresReply = z.output<typeof failuresReplySchema>;

/** `GET …/{id}/chunks?buckets`: the whole inventory in key order, cut into at most `buckets` bars. */
export const chunksQuerySchema = z.strictObject({
  buckets: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(500)), 132),
});
export const chunksReplySchema = z.object({
  chunks: count,
  buckets: z.array(
    z.object({
      firstChunk: count,
      lastChunk: count,
      firstKey: z.string(),
      lastKey: z.string(),
      objects: count,
      bytes: count,
      /** Stored checksum or stronger. */
      proven: count,
      /** At the destination, weaker than proven. */
      copied: count,
      waiting: count,
      problems: count,
      missing: count,
      /** Chunks of this bar leased now. */
      leases: count,
    }),
  ),
});
export type ChunksReply = z.output<typeof chunksReplySchema>;
