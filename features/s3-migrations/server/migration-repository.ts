import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { pool, transaction } from "@/server/db/client";
import type { S3Migration } from "@/server/db/generated/client";
import { notify } from "@/server/realtime/listen";
import { abilitiesSchema, optionsSchema, type S3MigrationDetail, type S3MigrationSnapshot } from "../contract";
import {
  type DestinationSpec,
  type MigrationOptions,
  type SourceSpec,
  shownDestinationSchema,
  shownSourceSchema,
} from "../domain/plan-spec";
import { COMMAND_VERBS, type ErrorClass, RETRYABLE_STATES } from "../domain/states";
import { allowedVerbs } from "../domain/verbs";
import { listConfigs } from "./config-repository";
import { leaveUploads } from "./engine/left-upload-repository";
import { listLevelChanges } from "./engine/level-repository";
import { listPasses, listPhaseEntries, PHASE_COLUMNS, type PhaseRow, toPhases } from "./phase-repository";
import { progressSchema } from "./progress";
import { REPORTED_COLUMN, toReported } from "./reporter/shown-repository";

const MAX_LISTED = 200;
const MAX_SAMPLES = 720;
const MAX_COMMANDS = 100;

/** The hint web processes wake on; sent by the leader and by commands, never by workers. */
export const topicOf = (id: string): string => `s3-migration:${id}`;

export type NewMigration = {
  name: string;
  source: SourceSpec;
  destination: DestinationSpec;
  options: MigrationOptions;
  start: boolean;
  isSample: boolean;
  actor: string;
};

/** Saves a draft with its audit row in one transaction; returns its id. The lister of a worker picks it up. */
export async function saveMigration(input: NewMigration): Promise<string> {
  const id = randomUUID();
  const { name, isSample, actor } = input;
  await transaction(async (client) => {
    await client.query(
      `insert into s3_migration (id, name, is_sample, source, destination, options, desired_state, created_by,
                                 delta_until, approved_by, approved_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $10::text is null then null else now() end)`,
      [
        id,
        name,
        isSample,
        input.source,
        input.destination,
        input.options,
        input.start ? "running" : "idle",
        actor,
        input.options.maxDeltaPasses,
        input.start ? actor : null,
      ],
    );
    await audit(client, { actor, action: "s3-migration.create", id, detail: { start: input.start } });
    await notify(topicOf(id), client);
  });
  return id;
}

/** One audit row with the migration's name, in the transaction of the action it records. */
export async function audit(
  client: PoolClient,
  { actor, action, id, detail }: { actor: string; action: string; id: string; detail: Record<string, unknown> },
): Promise<void> {
  await client.query(
    `insert into audit_event (actor, action, subject, detail)
     values ($1, $2, $3,
       jsonb_strip_nulls(jsonb_build_object('name', (select name from s3_migration where id = $5))) || $4::jsonb)`,
    [actor, action, `s3-migration:${id}`, JSON.stringify(detail), id],
  );
}

/** The migration as every screen sees it; `not_found` when there is none. */
export async function getSnapshot(id: string): Promise<S3MigrationSnapshot> {
  const { rows } = await pool().query<MigrationRow>(`${SELECT_MIGRATION} where id = $1`, [id]);
  const row = rows[0];
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  return toSnapshot(row);
}

/** Newest first, at most 200. */
export async function listSnapshots(): Promise<S3MigrationSnapshot[]> {
  const { rows } = await pool().query<MigrationRow>(`${SELECT_MIGRATION} order by no desc limit $1`, [MAX_LISTED]);
  return rows.map(toSnapshot);
}

/** Snapshot, chart and commands of one migration. */
export async function getDetail(id: string): Promise<S3MigrationDetail> {
  const snapshot = await getSnapshot(id);
  const [samples, commands, passes, phases, configs, levels] = await Promise.all([
    listSamples(id),
    listCommands(id),
    listPasses(id),
    listPhaseEntries(id),
    listConfigs(id),
    listLevelChanges(id),
  ]);
  return { snapshot, samples, commands, passes, phases, configs, levels };
}

type CommandRow = {
  id: number;
  verb: string;
  actor: string;
  reason: string | null;
  at: Date;
  appliedAt: Date | null;
};

async function listCommands(id: string): Promise<S3MigrationDetail["commands"]> {
  const { rows } = await pool().query<CommandRow>(
    `select id, verb, actor, reason, at, applied_at as "appliedAt" from s3_command where migration_id = $1
      order by id desc limit $2`,
    [id, MAX_COMMANDS],
  );
  return rows.map((row) => ({
    ...row,
    verb: COMMAND_VERBS.find((verb) => verb === row.verb) ?? "start",
    at: row.at.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
  }));
}

type SampleRow = Omit<S3MigrationDetail["samples"][number], "at" | "eta" | "putMs"> & {
  at: Date;
  etaEarliestAt: Date | null;
  etaLatestAt: Date | null;
  putP50Ms: number | null;
  putP95Ms: number | null;
};

/** Thinned in the database: of a long history, every k-th point, always with the newest. */
async function listSamples(id: string): Promise<S3MigrationDetail["samples"]> {
  const { rows } = await pool().query<SampleRow>(
    `select at, objects, bytes, failed, objects_per_second as "objectsPerSecond", bytes_per_second as "bytesPerSecond",
            workers, concurrency, throttled_ms as "throttledMs", state, eta_earliest_at as "etaEarliestAt",
            eta_latest_at as "etaLatestAt", put_p50_ms as "putP50Ms", put_p95_ms as "putP95Ms"
       from (select *, row_number() over (order by at desc) - 1 as k, count(*) over () as n
               from s3_progress_sample where migration_id = $1) s
      where k % (1 + n / $2) = 0 order by at`,
    [id, MAX_SAMPLES],
  );
  return rows.map(({ etaEarliestAt, etaLatestAt, putP50Ms, putP95Ms, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    eta:
      etaEarliestAt === null || etaLatestAt === null
        ? null
        : { earliestAt: etaEarliestAt.toISOString(), latestAt: etaLatestAt.toISOString() },
    putMs: putP50Ms === null || putP95Ms === null ? null : { p50: putP50Ms, p95: putP95Ms },
  }));
}

const TABLES_OF_ROWS = [
  "allowance",
  "result_tally",
  "level_change",
  "put_latency",
  "failure",
  "finding",
  "retried",
  "chunk",
  "upload",
  "foreign_upload",
  "pass",
  "orphan",
  "tombstone",
  "retire_intent",
  "phase_entry",
  "reported_object",
  "reporter_batch",
  "reporter_stream",
] as const;

/**
 * Removes a migration and all its rows; the destination's objects stay, its uploads in parts are aborted by whoever sweeps
 * next. False when there was none.
 */
export async function deleteMigration(id: string, actor: string): Promise<boolean> {
  return transaction(async (client) => {
    const { rows } = await client.query<{ no: number; name: string; destination: unknown }>(
      "delete from s3_migration where id = $1 returning no, name, destination",
      [id],
    );
    const no = rows[0]?.no;
    if (no === undefined) return false;
    await leaveUploads(client, no, rows[0]?.destination);
    // Before the rows it sums, as every batch locks them; it stays, so that the job is told.
    await client.query("update s3.reported set purged_at = now() where migration_no = $1", [no]);
    // Tables before rows, as every flush locks them: the other way round each would wait for the other.
    await client.query(`drop table if exists s3.object_${no}`);
    await client.query(`drop table if exists s3.listing_${no}, s3.destination_${no}, s3.delta_${no}`);
    for (const table of TABLES_OF_ROWS) await client.query(`delete from s3.${table} where migration_no = $1`, [no]);
    await audit(client, { actor, action: "s3-migration.delete", id, detail: { name: rows[0]?.name } });
    await notify(topicOf(id), client);
    return true;
  });
}

type MigrationRow = Omit<
  S3Migration,
  | "no"
  | "objects"
  | "bytes"
  | "listFence"
  | "listLeaseOwner"
  | "listLeaseUntil"
  | "listCursor"
  | "listAttempts"
  | "listNotBefore"
  | "plan"
  | keyof PhaseRow
  | "listSide"
  | "returnPhase"
  | "deltaOutcome"
  | "soakNextAt"
> &
  PhaseRow & { reported: unknown };

// Plain SQL: the worker reads migrations too, and does without Prisma's memory.
const SELECT_MIGRATION = `
  select id, name, is_sample as "isSample", source, destination, options, abilities, state,
    desired_state as "desiredState", phase, version, command_version as "commandVersion", config_version as "configVersion", created_by as "createdBy",
    created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", updated_at as "updatedAt",
    stop_class as "stopClass", stop_message as "stopMessage", stopped_at as "stoppedAt", blocked, sealed_at as "sealedAt",
    chunks, progress, ${PHASE_COLUMNS}, ${REPORTED_COLUMN}
  from s3_migration`;

function toSnapshot(row: MigrationRow): S3MigrationSnapshot {
  const progress = progressSchema.parse(row.progress);
  const options = optionsSchema.parse(row.options);
  const reported = toReported(row.reported);
  return {
    id: row.id,
    name: row.name,
    isSample: row.isSample,
    state: row.state,
    desiredState: row.desiredState,
    phase: row.phase,
    allowedVerbs: allowedVerbs({
      state: row.state,
      desired: row.desiredState,
      phase: row.phase,
      mode: options.mode,
      isSoakOver: row.isSoakOver,
      isRetireAsked: row.retireAskedBy !== null,
      isShrunk: row.shrunkTo !== null,
      missing: progress.counts.missing_destination,
      hasFailures: RETRYABLE_STATES.some((state) => progress.counts[state] > 0),
      isWatched: reported?.grade === "ticks",
    }).filter((verb) => row.blocked === null || verb === "cancel"),
    version: row.version,
    commandVersion: row.commandVersion,
    source: shownSourceSchema.parse(row.source),
    destination: shownDestinationSchema.parse(row.destination),
    options,
    configVersion: row.configVersion,
    abilities: row.abilities === null ? null : abilitiesSchema.parse(row.abilities),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
    stopped:
      row.stoppedAt === null
        ? null
        : {
            errorClass: (row.stopClass ?? "bug") as ErrorClass,
            message: row.stopMessage ?? "",
            at: row.stoppedAt.toISOString(),
          },
    blocked: row.blocked,
    inventory: {
      sealedAt: row.sealedAt?.toISOString() ?? null,
      objects: row.objects,
      bytes: row.bytes,
      chunks: row.chunks,
    },
    ...toPhases(row),
    reported,
    ...progress,
  };
}
