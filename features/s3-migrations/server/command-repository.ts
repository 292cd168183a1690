import type { PoolClient } from "pg";
import type { z } from "zod";
import { AppError } from "@/lib/errors";
import { transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import { optionsSchema, type s3CommandSchema } from "../contract";
import type { MigrationOptions } from "../domain/plan-spec";
import { type DesiredState, type MigrationPhase, type MigrationState, RETRYABLE_STATES } from "../domain/states";
import { allowedVerbs, desiredAfter } from "../domain/verbs";
import { saveConfig } from "./config-repository";
import { reopenFailures } from "./failure-repository";
import { audit, topicOf } from "./migration-repository";
import { type Effect, PHASE_COMMANDS } from "./phase-commands";

type Command = z.output<typeof s3CommandSchema> & { id: string; actor: string };
type LockedRow = {
  no: number;
  state: MigrationState;
  desired_state: DesiredState;
  phase: MigrationPhase;
  command_version: number;
  blocked: string | null;
  options: unknown;
  planHash: string | null;
  epoch: number;
  isSoakOver: boolean;
  isRetireAsked: boolean;
  isShrunk: boolean;
  missing: number;
  hasFailures: boolean;
  isWatched: boolean;
};
type Locked = Omit<LockedRow, "options"> & { options: MigrationOptions };

/**
 * Appends a command and sets what people want, in one transaction with its audit row. The same idempotency key again
 * changes nothing. `conflict` when `expectedVersion` is stale or the verb means nothing in this state.
 */
export async function saveCommand(command: Command): Promise<void> {
  await transaction(async (client) => {
    const migration = await lockMigration(client, command.id);
    const known = await client.query("select 1 from s3_command where migration_id = $1 and idempotency_key = $2", [
      command.id,
      command.idempotencyKey,
    ]);
    if (known.rowCount !== 0) return;
    refuseWrongMoment(command, migration);
    await applyCommand(client, command, migration);
  });
}

async function lockMigration(client: PoolClient, id: string): Promise<Locked> {
  const { rows } = await client.query<LockedRow>(
    `select no, state, desired_state, phase, command_version, blocked, options, plan->>'hash' as "planHash", epoch,
            coalesce(soak_until <= now(), false) as "isSoakOver", retire_asked_by is not null as "isRetireAsked",
            shrunk_to is not null as "isShrunk",
            coalesce((progress->'counts'->>'missing_destination')::int, 0) as missing,
            exists (select 1 from s3.chunk c where c.migration_no = s3_migration.no and ${RETRYABLE_STATES.join(" + ")} > 0) as "hasFailures",
            exists (select 1 from s3.reported r where r.migration_no = s3_migration.no and r.watch is not null) as "isWatched"
       from s3_migration where id = $1 for update`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  return { ...row, options: optionsSchema.parse(row.options) };
}

/** A start approves a plan: the one it names, or by its own word whatever it is. */
function refuseUnnamedPlan({ verb, planHash, unplanned }: Command, migration: Locked): void {
  if (verb !== "start") return;
  if (planHash === undefined && unplanned !== true) {
    throw new AppError(
      "plan_unnamed",
      'A start names the plan it approves: send its "planHash", or "unplanned": true to approve it unseen.',
      { facts: { planHash: migration.planHash } },
    );
  }
  if (planHash !== undefined && planHash !== migration.planHash) {
    throw new AppError("plan_changed", "The plan is not the one you saw any more. Look at it again, then start.");
  }
}

function refuseWrongMoment(command: Command, migration: Locked): void {
  const { verb, expectedVersion, configure } = command;
  if (configure !== undefined && verb !== "configure") {
    const problems = [{ field: "configure", message: "goes with the command configure alone" }];
    throw new AppError("invalid_input", "configure: goes with the command configure alone.", { problems });
  }
  refuseUnnamedPlan(command, migration);
  if (expectedVersion !== undefined && expectedVersion !== migration.command_version) {
    throw new AppError("conflict", "Somebody commanded this migration since you looked. Look again, then decide.");
  }
  if (migration.blocked !== null && verb !== "cancel") throw new AppError("conflict", migration.blocked);
  const { desired_state: desired, options, ...facts } = migration;
  if (!allowedVerbs({ ...facts, desired, mode: options.mode }).includes(verb)) {
    if (migration.isWatched) {
      throw new AppError(
        "conflict",
        "The console only reads what this task writes of itself. Pause, resume or cancel it where it runs.",
      );
    }
    const [what, now] = [verb, migration.state].map((word) => word.replaceAll("_", " "));
    throw new AppError("conflict", `"${what}" means nothing while the migration is ${now}.`);
  }
}

async function applyCommand(client: PoolClient, command: Command, migration: Locked): Promise<void> {
  const { id, verb, actor, idempotencyKey, reason, only, configure } = command;
  const { rows } = await client.query<{ id: number }>(
    `insert into s3_command (migration_id, idempotency_key, verb, args, actor, reason) values ($1, $2, $3, $4, $5, $6)
     returning id`,
    [id, idempotencyKey, verb, only ?? configure ?? {}, actor, reason ?? null],
  );
  const { phase, state, reopened } = await effectOf(client, { ...command, commandId: rows[0]?.id ?? 0 }, migration);
  const isRestart = RESTARTS.has(verb);
  // What spent the error budget has been looked at by a person: it is not held against what comes now.
  if (isRestart) await client.query("delete from s3.result_tally where migration_no = $1", [migration.no]);
  await client.query(
    `update s3_migration set desired_state = $2::s3_desired_state, state = $3::s3_migration_state,
            phase = $4::s3_migration_phase,
            command_version = command_version + 1, version = version + 1, updated_at = now(),
            stop_class = case when $5 then null else stop_class end,
            stop_message = case when $5 then null else stop_message end,
            stopped_at = case when $5 then null else stopped_at end,
            list_attempts = case when $5 then 0 else list_attempts end,
            finished_at = case when $5 then null else finished_at end,
            return_phase = case when phase = 'soak' and $4 in ('copy', 'verify') then 'cutover' else return_phase end,
            approved_by = case when $6 then $7 else approved_by end,
            approved_at = case when $6 then now() else approved_at end,
            approved_plan = case when $6 then $8 else approved_plan end
      where id = $1`,
    [
      id,
      desiredAfter(verb, migration.desired_state),
      state,
      phase,
      isRestart,
      verb === "start",
      actor,
      command.planHash ?? null,
    ],
  );
  await audit(client, {
    actor,
    action: `s3-migration.${verb}`,
    id,
    detail: {
      reason: reason ?? null,
      reopened,
      ...(verb === "start" ? { plan: command.planHash ?? "unseen" } : {}),
      ...chosenOf(only),
      ...(configure === undefined ? {} : { configure }),
    },
  });
  await notify(topicOf(id), client);
}

/** What the audit keeps of a choice: a thousand numbers stand in the command itself. */
function chosenOf(only: Command["only"]): Record<string, unknown> {
  if (only === undefined) return {};
  const { objectIds, ...cause } = only;
  return { only: { ...cause, ...(objectIds === undefined ? {} : { objects: objectIds.length }) } };
}

const RESTARTS: ReadonlySet<Command["verb"]> = new Set([
  "resume",
  "start",
  "retry_failed",
  "list_again",
  "accept_shrink",
  "repair",
]);

async function effectOf(
  client: PoolClient,
  command: Command & { commandId: number },
  migration: Locked,
): Promise<Effect> {
  const { verb, only, commandId } = command;
  if (verb === "configure") {
    await saveConfig(client, {
      ...command,
      options: migration.options,
      reason: command.reason,
      configure: command.configure,
    });
    return { phase: migration.phase, state: migration.state, reopened: 0 };
  }
  const own = PHASE_COMMANDS[verb];
  if (own !== undefined) return own(client, command, migration);
  const reopened =
    verb === "retry_failed" ? await reopenFailures(client, { no: migration.no, commandId }, only ?? {}) : 0;
  const phase = reopened > 0 ? phaseOfRetry(migration) : migration.phase;
  const state = RESTARTS.has(verb) ? restartedState(migration, phase) : migration.state;
  return { phase, state, reopened };
}

/** What failed is copied again, also while proving or looking again; what is only compared is compared again. */
function phaseOfRetry({ phase, options }: Locked): MigrationPhase {
  if (options.mode === "verify_only") return phase === "soak" ? "verify" : phase;
  return phase === "verify" || phase === "delta" || phase === "soak" ? "copy" : phase;
}

const STATE_OF_PHASE: Record<MigrationPhase, MigrationState> = {
  list: "draft",
  copy: "running",
  delta: "listing",
  verify: "verifying",
  cutover: "cutover",
  soak: "soaking",
  retire: "retiring",
};

/** A stopped migration leaves its stop at once, so that the engine looks at it again. */
function restartedState({ state, desired_state }: Locked, phase: MigrationPhase): MigrationState {
  if (state !== "auto_stopped" && state !== "failed") return state;
  return desired_state === "paused" ? "paused" : STATE_OF_PHASE[phase];
}
