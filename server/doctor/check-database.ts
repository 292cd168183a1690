import pg from "pg";
import { codeOf, messageOf } from "@/lib/errors";
import type { Env } from "@/server/config/env";
import { type Finding, fail, ok, warn } from "./finding";

const MIN_VERSION = 140_000;
/** Web, worker and collector keep up to ten connections each, and a listener. */
const MIN_CONNECTIONS = 40;

/** Each database of OPS_DATABASES lets us in. Under its name: the addresses hold passwords. */
export async function checkNamedDatabases({ OPS_DATABASES }: Env): Promise<Finding[]> {
  const named = Object.entries(OPS_DATABASES ?? {});
  if (named.length === 0) return [ok("OPS_DATABASES", "unset: S3 migrations read no other database")];
  return Promise.all(
    named.map(async ([name, url]) => {
      const place = `${name} (${new URL(url).host}${new URL(url).pathname})`;
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 4000, query_timeout: 4000 });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.query("select 1");
        return ok("OPS_DATABASES", `${place} answers`);
      } catch (error) {
        const reason = messageOf(error) || (codeOf(error) ?? "no answer");
        const cure = "Start it, or correct host, user or password.";
        return fail("OPS_DATABASES", `${place} does not answer: ${reason}`, cure);
      } finally {
        // A connection that never came about cannot say goodbye.
        await client.end().catch(() => {});
      }
    }),
  );
}

/** The database of DATABASE_URL answers, is recent enough, lets us write and has room for our connections. */
export async function checkDatabase({ DATABASE_URL }: Env): Promise<Finding[]> {
  if (DATABASE_URL === undefined) return [ok("DATABASE_URL", "unset: the console runs its own Postgres")];
  const { host, pathname } = new URL(DATABASE_URL);
  const place = `${host}${pathname}`;
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 4000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: number; connections: number; may_create: boolean }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
         current_setting('max_connections')::int as connections,
         has_database_privilege(current_database(), 'create') as may_create`,
    );
    const [row] = rows;
    if (row === undefined) return [fail("DATABASE_URL", `${place} answers nothing`, "Use a Postgres 14 or newer.")];
    if (row.number < MIN_VERSION) {
      return [fail("DATABASE_URL", `${place} is Postgres ${row.version}`, "Use a Postgres 14 or newer.")];
    }
    if (!row.may_create) {
      return [fail("DATABASE_URL", `${place} does not let us create schemas`, "Grant CREATE on the database.")];
    }
    if (row.connections < MIN_CONNECTIONS) {
      const cure = `Raise max_connections to ${MIN_CONNECTIONS} or more.`;
      return [warn("DATABASE_URL", `${place} allows ${row.connections} connections`, cure)];
    }
    return [ok("DATABASE_URL", `${place} is Postgres ${row.version}`)];
  } catch (error) {
    const reason = messageOf(error) || (codeOf(error) ?? "no answer");
    return [
      fail("DATABASE_URL", `${place} does not answer: ${reason}`, "Start it, or correct host, user or password."),
    ];
  } finally {
    // A connection that never came about cannot say goodbye.
    await client.end().catch(() => {});
  }
}
