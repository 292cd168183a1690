import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { pool, transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import { optionsSchema, type WatchTask } from "../../contract";
import { REPORT_STATES, type ReportState } from "../../domain/reported";
import type { DesiredState, MigrationState } from "../../domain/states";
import { audit, topicOf } from "../migration-repository";
import type { CreateReported, ReportedCounts } from "./report-schemas";

/** A reported migration under its lock. */
export type ReportedRow = {
  id: string;
  no: number;
  state: MigrationState;
  desired: DesiredState;
  declaredObjects: number | null;
  declaredBytes: number | null;
  completedAt: Date | null;
  objects: number;
  bytes: number;
  keyDigest: Buffer;
  now: Date;
} & Record<ReportState, number>;

const SELECT_REPORTED = `
  select m.id, m.no, m.state, m.desired_state as desired, r.declared_objects as "declaredObjects",
         r.declared_bytes as "declaredBytes", r.completed_at as "completedAt", r.purged_at as "purgedAt", r.objects,
         r.bytes, r.key_digest as "keyDigest", ${REPORT_STATES.map((state) => `r.${state}`).join(", ")}, now() as now
    from s3.reported r left join s3_migration m on m.no = r.migration_no
   where r.external_ref = $1`;

async function read(
  client: Pick<PoolClient, "query">,
  ref: string,
  lock: "" | "for update of r",
): Promise<ReportedRow | undefined> {
  const { rows } = await client.query<ReportedRow & { purgedAt: Date | null }>(`${SELECT_REPORTED} ${lock}`, [ref]);
  const [row] = rows;
  if (row !== undefined && (row.purgedAt !== null || row.id === null)) {
    throw new AppError("gone", "This migration was removed from the console. Report under another name.");
  }
  return row;
}

/** Locks the sums of a migration, so that what moves them takes turns; 404 before it is made, 410 after its removal. */
export async function lockReported(client: PoolClient, ref: string): Promise<ReportedRow> {
  return existing(await read(client, ref, "for update of r"));
}

/** The same without a lock, to read. */
export async function findReported(ref: string): Promise<ReportedRow> {
  return existing(await read(pool(), ref, ""));
}

function existing(row: ReportedRow | undefined): ReportedRow {
  if (row === undefined) throw new AppError("not_found", "There is no migration of this name yet. PUT it first.");
  return row;
}

export function countsOf(row: ReportedRow): ReportedCounts {
  const states = Object.fromEntries(REPORT_STATES.map((state) => [state, row[state]])) as Record<ReportState, number>;
  return { objects: row.objects, bytes: row.bytes, states };
}

/** Makes a migration under the job's own name for it, or changes what was declared of it. */
export async function putReported(
  ref: string,
  input: CreateReported,
  actor: string,
): Promise<{ row: ReportedRow; isNew: boolean }> {
  return transaction(async (client) => {
    await lockName(client, ref);
    const known = await read(client, ref, "for update of r");
    if (known === undefined) await insertReported(client, { ref, actor, ...input, name: input.name ?? ref });
    else if (input.declared !== undefined) await declare(client, known.no, input.declared);
    return { row: await lockReported(client, ref), isNew: known === undefined };
  });
}

/** Shows a task of the gem maintenance_tasks: nobody reports, a worker looks. Watching twice is watching once. */
export async function putWatched({ name, database, task }: WatchTask, actor: string): Promise<string> {
  const ref = `maintenance_tasks:${database}:${task.replaceAll("::", ".")}`.slice(0, 100);
  return transaction(async (client) => {
    await lockName(client, ref);
    const known = await read(client, ref, "for update of r");
    if (known !== undefined) return known.id;
    return insertReported(client, { ref, actor, name, source: `${task} in ${database}`, watch: { database, task } });
  });
}

/** Two that make the same one at once: the second finds it made. */
const lockName = (client: PoolClient, ref: string) =>
  client.query("select pg_advisory_xact_lock(hashtextextended('s3-report:' || $1, 0))", [ref]);

type NewReported = Omit<CreateReported, "name"> & {
  ref: string;
  name: string;
  actor: string;
  watch?: { database: string; task: string };
};

async function insertReported(client: PoolClient, input: NewReported): Promise<string> {
  const id = randomUUID();
  const { ref, name, actor, declared, watch = null } = input;
  const place = (text = "") => ({ kind: "elsewhere", place: text });
  const { rows } = await client.query<{ no: number }>(
    `insert into s3_migration (id, name, source, destination, options, desired_state, phase, created_by)
     values ($1, $2, $3, $4, $5, 'running', 'copy', $6) returning no`,
    [id, name, place(input.source), place(input.destination), optionsSchema.parse({ mode: "reported" }), actor],
  );
  await client.query(
    `insert into s3.reported (migration_no, external_ref, declared_objects, declared_bytes, watch)
     values ($1, $2, $3, $4, $5)`,
    [rows[0]?.no, ref, declared?.objects ?? null, declared?.bytes ?? null, watch],
  );
  await audit(client, { actor, action: "s3-migration.create", id, detail: { externalRef: ref, watch } });
  await notify(topicOf(id), client);
  return id;
}

async function declare(client: PoolClient, no: number, declared: NonNullable<CreateReported["declared"]>) {
  await client.query(
    `update s3.reported set declared_objects = coalesce($2, declared_objects),
            declared_bytes = coalesce($3, declared_bytes), revision = revision + 1 where migration_no = $1`,
    [no, declared.objects ?? null, declared.bytes ?? null],
  );
}
