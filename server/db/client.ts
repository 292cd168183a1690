import "server-only";
import pg from "pg";
import { AppError, messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";
import { driverComplaintOf } from "@/server/postgres/driver-complaint";
import { traceQueries } from "@/server/telemetry/trace-queries";
import { assertDatabaseHeard, noteDatabaseAnswer, noteDatabaseAsked } from "./database-silence";

// bigint columns are counts and sizes far below 2^53; strings would leak into every sum.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} does not fit a JavaScript number`);
  return value;
});

// Next evaluates instrumentation and route handlers as separate module graphs: one pool per process lives on globalThis.
type Shared = { opsPool?: pg.Pool; opsQueryLimitMs?: number; opsSilentAfterMs?: number };
const shared = globalThis as typeof globalThis & Shared;

/** The address of the database; the supervisor sets it for its children when it runs Postgres itself. */
export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (url === undefined) {
    throw new AppError(
      "unavailable",
      "DATABASE_URL is not set. Run `npm start`, which brings its own Postgres, or set it.",
    );
  }
  return url;
}

/** No transaction of ours waits for anything but the database; one whose process is frozen must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/**
 * How long a question waits for a connection, to be made or to be given back by others, where its answer has no limit.
 * Where it has one it waits that long here, too: on two cores at load 10, forty short questions at once took 1 s over ten
 * new connections, and at load 33 a healthy console with a limit of 5 s here answered its own pages with 503. A
 * database that hangs is known by its silence, not by a pool that is in use.
 */
const CONNECT_MS = 5000;

/** As long as health takes to call a silent database down. */
const SILENT_AFTER_MS = 10_000;

/**
 * From now on a query of this process fails after `ms`: somebody waits for its answer, and a database that hangs answers
 * nobody. Once it was silent for `silentAfterMs`, queries fail at once, but for those of {@link probingPool}: a browser
 * has six connections, and all would wait for what does not come. Call before the first query.
 */
export function limitQueries(ms: number, silentAfterMs = SILENT_AFTER_MS): void {
  shared.opsQueryLimitMs = ms;
  shared.opsSilentAfterMs = silentAfterMs;
}

/** The process's connection pool. Hot paths and what runs in the worker write SQL here, other pages use `prisma()`. */
export function pool(): pg.Pool {
  if (shared.opsSilentAfterMs !== undefined) assertDatabaseHeard(shared.opsSilentAfterMs);
  return probingPool();
}

/** The same for who has to ask however long the database has been silent: nobody else learns that it is back. */
export function probingPool(): pg.Pool {
  noteDatabaseAsked();
  if (shared.opsPool === undefined) {
    shared.opsPool = new pg.Pool({
      connectionString: databaseUrl(),
      max: 10,
      connectionTimeoutMillis: Math.max(CONNECT_MS, shared.opsQueryLimitMs ?? 0),
      keepAlive: true,
      application_name: "ops-console",
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      statement_timeout: shared.opsQueryLimitMs,
      query_timeout: shared.opsQueryLimitMs,
    });
    traceQueries(shared.opsPool);
    // Without a listener, a restarted Postgres would end the process through an idle connection.
    // A connection that is lent out has no listener of the pool's: it would end the process between two queries.
    shared.opsPool.on("connect", (client) => client.on("error", () => {}));
    shared.opsPool.on("connect", noteDatabaseAnswer);
    shared.opsPool.on("release", (error) => {
      if (!error) noteDatabaseAnswer();
    });
    shared.opsPool.on("error", (error) => log().warn({ reason: messageOf(error) }, "idle database connection lost"));
  }
  return shared.opsPool;
}

/** Runs `work` in one transaction; rolls back on any throw. */
export async function transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // A connection whose rollback fails is broken: destroy it instead of returning it to the pool.
    // After a query that was given up the connection still waits for its answer, and would wait for that of this one.
    const isRolledBack =
      driverComplaintOf(error) !== "late" &&
      (await client.query("rollback").then(
        () => true,
        () => false,
      ));
    client.release(!isRolledBack);
    throw error;
  }
}

/** Closes every connection of this process; call once, at the end. */
export async function closeDatabase(): Promise<void> {
  const { opsPool } = shared;
  delete shared.opsPool;
  await opsPool?.end();
}
