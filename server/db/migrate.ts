import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { AppError, codeOf, messageOf } from "@/lib/errors";

/** The lock Prisma's own `migrate deploy` takes, so that both never run at once. */
const PRISMA_LOCK = 72_707_369;

/**
 * Applies `prisma/migrations` in name order, with Prisma's own bookkeeping (table, checksums, lock): `prisma migrate
 * status` agrees afterwards, and no engine has to be downloaded to start the console. Several processes may call it at
 * once: one applies, the others wait. Each file is one transaction. Returns the names applied now.
 */
export async function applySchemaMigrations(databaseUrl: string, dir = "prisma/migrations"): Promise<string[]> {
  await ensureDatabase(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "ops-console schema migrations" });
  // Heard by the query under way, or by the next one; without a listener it would end the process.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [PRISMA_LOCK]);
    await client.query(`create table if not exists _prisma_migrations (
      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
      started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
    return await applyMissing(client, dir);
  } finally {
    await client.end();
  }
}

/** A database that does not let us in as one sentence that says which and what to do; our own refusals stay as they are. */
export function databaseRefusal(databaseUrl: string, cause: unknown): unknown {
  if (cause instanceof AppError || codeOf(cause) === undefined) return cause;
  const { host } = new URL(databaseUrl);
  return new AppError(
    "unavailable",
    `DATABASE_URL (${host}) does not answer: ${messageOf(cause)}. Correct host, user or password; "npm run doctor" checks them.`,
    { cause },
  );
}

async function applyMissing(client: pg.Client, dir: string): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null",
  );
  const known = new Map(rows.map((row) => [row.migration_name, row]));
  const applied: string[] = [];
  for (const name of listMigrations(dir)) {
    const sql = fs.readFileSync(path.join(dir, name, "migration.sql"), "utf8");
    const checksum = createHash("sha256").update(sql).digest("hex");
    const row = known.get(name);
    if (row === undefined) {
      await applyOne(client, name, sql, checksum);
      applied.push(name);
    } else if (row.finished_at === null) {
      throw new AppError(
        "unavailable",
        `Schema migration ${name} failed earlier. Repair it with "npm run prisma -- migrate resolve".`,
      );
    } else if (row.checksum !== checksum) {
      throw new AppError(
        "unavailable",
        `Schema migration ${name} was changed after it was applied. Use the released file, or a new database.`,
      );
    }
  }
  return applied;
}

function listMigrations(dir: string): string[] {
  return fs
    .readdirSync(dir)
    .filter((name) => fs.existsSync(path.join(dir, name, "migration.sql")))
    .sort();
}

async function applyOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      "insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)",
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new AppError("unavailable", `Schema migration ${name} does not apply: ${messageOf(cause)}`, { cause });
  }
}

/** Creates the database named in the URL when the server has none of that name. */
async function ensureDatabase(databaseUrl: string): Promise<void> {
  const direct = new pg.Client({ connectionString: databaseUrl });
  try {
    await direct.connect();
    return;
  } catch (error) {
    if (codeOf(error) !== "3D000") throw error;
  } finally {
    await direct.end();
  }
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Two first starts at once: the other one made it.
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error;
  } finally {
    await client.end();
  }
}
