import type { PoolClient } from "pg";
import type { z } from "zod";
import { AppError } from "@/lib/errors";
import { transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import type { s3CommandSchema } from "../contract";
import {
  allowedVerbs,
  type DesiredState,
  desiredAfter,
  type MigrationPhase,
  type MigrationState,
} from "../domain/states";
import { reopenFailures } from "./failure-repository";
import { audit, topicOf } from "./migration-repository";

type Command = z.output<typeof s3CommandSchema> & { id: string; actor: string };
type Locked = {
  no: number;
  state: MigrationState;
  desired_state: DesiredState;
  phase: MigrationPhase;
  command_version: number;
  blocked: string | null;
};

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
  const { rows } = await client.query<Locked>(
    "select no, state, desired_state, phase, command_version, blocked from s3_migration where id = $1 for update",
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  return row;
}

function refuseWrongMoment({ verb, expectedVersion }: Command, migration: Locked): void {
  if (expectedVersion !== undefined && expectedVersion !== migration.command_version) {
    throw new AppError("conflict", "Somebody commanded this migration since you looked. Look again, then decide.");
  }
  if (migration.blocked !== null && verb !== "cancel") throw new AppError("conflict", migration.blocked);
  if (!allowedVerbs(migration.state, migration.desired_state).includes(verb)) {
    throw new AppError(
      "conflict",
      `"${verb}" means nothing while the migration is ${migration.state.replace("_", " ")}.`,
    );
  }
}

async function applyCommand(client: PoolClient, command: Command, migration: Locked): Promise<void> {
  const { id, verb, actor, idempotencyKey, reason, only } = command;
  await client.query(
    `insert into s3_command (migration_id, idempotency_key, verb, args, actor, reason) values ($1, $2, $3, $4, $5, $6)`,
    [id, idempotencyKey, verb, only ?? {}, actor, reason ?? null],
  );
  const reopened = verb === "retry_failed" ? await reopenFailures(client, migration.no, only ?? {}) : 0;
  const isRestart = verb === "resume" || verb === "start" || verb === "retry_failed";
  const phase = verb === "retry_failed" && migration.phase === "verify" && reopened > 0 ? "copy" : migration.phase;
  const state = isRestart ? restartedState(migration, phase) : migration.state;
  await client.query(
    `update s3_migration set desired_state = $2::s3_desired_state, state = $3::s3_migration_state,
            phase = $4::s3_migration_phase,
            command_version = command_version + 1, version = version + 1, updated_at = now(),
            stop_class = case when $5 then null else stop_class end,
            stop_message = case when $5 then null else stop_message end,
            stopped_at = case when $5 then null else stopped_at end,
            list_attempts = case when $5 then 0 else list_attempts end,
            finished_at = case when $5 then null else finished_at end
      where id = $1`,
    [id, desiredAfter(verb, migration.desired_state), state, phase, isRestart],
  );
  await audit(client, { actor, action: `s3-migration.${verb}`, id, detail: { reason: reason ?? null, reopened } });
  await notify(topicOf(id), client);
}

/** A stopped migration leaves its stop at once, so that the engine looks at it again. */
function restartedState({ state, desired_state }: Locked, phase: MigrationPhase): MigrationState {
  if (state !== "auto_stopped" && state !== "failed") return state;
  if (desired_state === "paused") return "paused";
  return phase === "list" ? "draft" : phase === "copy" ? "running" : "verifying";
}
