import { z } from "zod";
import { codeOf } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { openSourceDatabase } from "../stores/source-database-repository";
import type { SeenRun } from "./shown-repository";

const MAX_TEXT = 500;

const watchSchema = z.object({ no: z.number(), database: z.string(), task: z.string() });
type Watch = z.output<typeof watchSchema>;

/** Columns of the gem maintenance_tasks; a run keeps a copy of its task's class name. */
const NEWEST_RUN = `
  select id::text as id, status, tick_count, tick_total, cursor::text as cursor, error_class, error_message
    from maintenance_tasks_runs where task_name = $1 order by id desc limit 1`;

const tick = z.coerce.number().int().min(0).nullable().catch(null);
const runSchema = z.object({
  id: z.string(),
  status: z.string(),
  tick_count: tick,
  tick_total: tick,
  cursor: z.string().nullable(),
  error_class: z.string().nullable(),
  error_message: z.string().nullable(),
});

/** Runs somebody wants to see, not yet over. */
export async function listWatchedRuns(): Promise<Watch[]> {
  const { rows } = await pool().query(
    `select r.migration_no as no, r.watch->>'database' as database, r.watch->>'task' as task
       from s3.reported r join s3_migration m on m.no = r.migration_no
      where r.watch is not null and r.purged_at is null and m.state not in ('reported', 'cancelled')`,
  );
  return z.array(watchSchema).parse(rows);
}

/** Looks once, read-only; what could not be read is said in words, beside what was seen before. */
export async function lookAtRun({ no, database, task }: Watch): Promise<void> {
  const seenAt = new Date().toISOString();
  const seen = await readRun(database, task).catch((error: unknown) => ({ problem: problemOf(database, error) }));
  const empty: SeenRun = {
    ...{ runId: null, status: null, tickCount: null, tickTotal: null, cursor: null, error: null },
    ...{ problem: null, seenAt },
  };
  await pool().query(
    `update s3.reported set revision = revision + 1, seen = case when $3 then coalesce(seen, $2::jsonb) || $4::jsonb
                                                                 else $2::jsonb || $4::jsonb end
      where migration_no = $1`,
    [no, empty, "problem" in seen, { ...seen, seenAt }],
  );
}

async function readRun(database: string, task: string): Promise<Partial<SeenRun>> {
  const client = await openSourceDatabase(database);
  try {
    const { rows } = await client.query(NEWEST_RUN, [task]);
    if (rows.length === 0) return {};
    const run = runSchema.parse(rows[0]);
    const error = [run.error_class, run.error_message].filter((part) => part !== null).join(": ");
    return {
      ...{ runId: run.id, status: run.status, tickCount: run.tick_count, tickTotal: run.tick_total },
      cursor: run.cursor === null ? null : shorten(run.cursor),
      error: error === "" ? null : shorten(error),
    };
  } finally {
    // A connection that is lost cannot say goodbye.
    await client.end().catch(() => {});
  }
}

const shorten = (text: string): string => text.slice(0, MAX_TEXT).toWellFormed().replaceAll("\0", "");

/** Never the driver's own words: they may hold the address. */
const problemOf = (database: string, error: unknown): string =>
  `"${database}" could not be read (${codeOf(error) ?? "no code"}). It is tried again.`;
