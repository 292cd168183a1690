import pg from "pg";
import { AppError, messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";

const shared = globalThis as typeof globalThis & { opsCollectorPool?: pg.Pool };

/**
 * The collector's own connections: this process loads no Prisma (60 MB), and 64-bit nanoseconds stay text here, whatever
 * the rest of the console does with bigint.
 */
export function collectorPool(): pg.Pool {
  const connectionString = env().DATABASE_URL;
  if (connectionString === undefined) {
    throw new AppError(
      "unavailable",
      "DATABASE_URL is not set. Run `npm start`, which brings its own Postgres, or set it.",
    );
  }
  if (shared.opsCollectorPool === undefined) {
    shared.opsCollectorPool = new pg.Pool({
      connectionString,
      max: 6,
      connectionTimeoutMillis: 5000,
      statement_timeout: 20_000,
      keepAlive: true,
      application_name: "ops-console collector",
      types: { getTypeParser },
    });
    // Without a listener, a restarted Postgres would end the process through an idle connection.
    // A connection that is lent out has no listener of the pool's: it would end the process between two queries.
    shared.opsCollectorPool.on("connect", (client) => client.on("error", () => {}));
    shared.opsCollectorPool.on("error", (error) =>
      log().warn({ reason: messageOf(error) }, "idle database connection lost"),
    );
  }
  return shared.opsCollectorPool;
}

/** Closes the collector's connections; call once, at the end. */
export async function closeCollectorPool(): Promise<void> {
  const pool = shared.opsCollectorPool;
  delete shared.opsCollectorPool;
  await pool?.end();
}

const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: string) => {
  if (type === pg.types.builtins.INT8) return (text: string) => text;
  return pg.types.getTypeParser(type, format === "binary" ? "binary" : "text");
};
