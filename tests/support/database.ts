import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A database of its own for one test file, cloned from the migrated template. `drop` ends every session on it first. */
export type TestDatabase = { url: string; drop: () => Promise<void> };

/**
 * Clones the template and points this process's `DATABASE_URL` at it. Call in `beforeAll`, before anything reads the
 * settings; call `drop` in `afterAll`, after `closeDatabase()`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const templateUrl = new URL(inject("postgresUrl"));
  const template = templateUrl.pathname.slice(1);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  // Postgres clones one template at a time and refuses while anybody is connected to it: take turns.
  await asAdmin(async (client) => {
    await client.query("select pg_advisory_lock(4711)");
    await client.query(`create database ${name} template ${template}`);
  });
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  process.env.DATABASE_URL = url.href;
  return {
    url: url.href,
    drop: () => asAdmin(async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

async function asAdmin(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const url = new URL(inject("postgresUrl"));
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
