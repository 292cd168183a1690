import type { ConsoleProcesses } from "@/lib/console-contract";
import { closeDatabase, limitQueries, pool, probingPool } from "@/server/db/client";

export { msDatabaseOwes, msSinceDatabaseAnswer } from "@/server/db/database-silence";

/** What a process says about itself with each sign of life. */
export type SignOfLife = {
  id: string;
  name: string;
  host: string;
  pid: number;
  address: string | undefined;
  startedAt: Date;
  rssBytes: number;
  restarts: number;
  /** What it cannot do right now. */
  trouble?: string | undefined;
};

/** A sign of life older than this is none: three missed beats. */
export const SILENT_AFTER_MS = 13_000;
/** A process that said nothing for this long has died without goodbye, or its machine has. */
const FORGET_AFTER = "5 minutes";

/**
 * Records a sign of life at the database's clock, so that ages compare across machines. Plain SQL: processes that need
 * Prisma for nothing else save 50 MB by not loading it.
 */
export async function saveSignOfLife(sign: SignOfLife): Promise<void> {
  await probingPool().query(
    `insert into console_process (id, name, host, pid, address, started_at, seen_at, rss_bytes, restarts, detail)
     values ($1, $2, $3, $4, $5, $6, now(), $7, $8, jsonb_strip_nulls(jsonb_build_object('trouble', $9::text)))
     on conflict (id) do update set seen_at = now(), rss_bytes = excluded.rss_bytes, address = excluded.address,
       pid = excluded.pid, restarts = excluded.restarts, detail = excluded.detail`,
    [
      sign.id,
      sign.name,
      sign.host,
      sign.pid,
      sign.address ?? null,
      sign.startedAt,
      sign.rssBytes,
      sign.restarts,
      sign.trouble ?? null,
    ],
  );
}

/** Forgets a process that stopped in order. */
export async function deleteProcess(id: string): Promise<void> {
  await pool().query("delete from console_process where id = $1", [id]);
}

/** Forgets processes of this machine that were killed, and those of other machines nobody heard of for long. */
export async function deleteDeadProcesses(host: string, isAlive: (pid: number) => boolean): Promise<void> {
  const { rows } = await pool().query<{ id: string; pid: number }>(
    "select id, pid from console_process where host = $1",
    [host],
  );
  const dead = rows.filter((row) => !isAlive(row.pid)).map((row) => row.id);
  await pool().query(`delete from console_process where id = any($1) or seen_at < now() - interval '${FORGET_AFTER}'`, [
    dead,
  ]);
}

/** Every process heard of lately, by name. */
export async function listProcesses(): Promise<ConsoleProcesses["processes"]> {
  const { rows } = await pool().query<Omit<SignOfLife, "address"> & { address: string | null; seenAt: Date }>(
    `select id, name, host, pid, address, rss_bytes as "rssBytes", started_at as "startedAt", seen_at as "seenAt", restarts
     from console_process where seen_at > now() - interval '${FORGET_AFTER}' order by name, started_at`,
  );
  return rows.map((row) => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
  }));
}

/** The last sign of life of a kind of process, its age at the database's clock, and what one that lives cannot do. */
export type LastSign = { seenAt: Date; ageMs: number; trouble: string | null };

/** The last sign of life of each kind of process. */
export async function findLastSigns(): Promise<Map<string, LastSign>> {
  const { rows } = await probingPool().query<LastSign & { name: string }>(
    `select name, max(seen_at) as "seenAt", extract(epoch from now() - max(seen_at))::float8 * 1000 as "ageMs",
       max(detail->>'trouble') filter (where seen_at > now() - $1 * interval '1 ms') as trouble
     from console_process group by name`,
    [SILENT_AFTER_MS],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** Whether a process of this kind and number gave a sign of life lately. */
export async function isProcessAlive(name: string, pid: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    "select from console_process where name = $1 and pid = $2 and seen_at > now() - $3 * interval '1 ms'",
    [name, pid, SILENT_AFTER_MS],
  );
  return (rowCount ?? 0) > 0;
}

// For those who may not touch the database themselves.

/** Ends this process's database connections; its last act. */
export const closeConnections = closeDatabase;

/** See {@link limitQueries}. */
export const limitOwnQueries = limitQueries;
