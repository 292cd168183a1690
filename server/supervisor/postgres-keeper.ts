import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@/lib/errors";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/server/postgres/embedded";

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;

/** The console's own Postgres, restarted on the same port whenever it dies. */
export type PostgresKeeper = {
  url: string;
  /** What runs now; `undefined` between a death and the restart. */
  observe: () => { pid: number; restarts: number; dataDir: string } | undefined;
  stop: () => Promise<void>;
};

/** Starts, or takes over, the Postgres of the data directory and keeps it running until `stop`. */
export async function keepPostgres(dataDir: string, say: (line: string) => void): Promise<PostgresKeeper> {
  const postgresDir = path.join(dataDir, "postgres");
  const first = await startEmbeddedPostgres({ dataDir: postgresDir });
  let current: EmbeddedPostgres | undefined = first;
  let isStopping = false;
  let restarts = 0;
  const keeping = (async () => {
    let guard = guardAgainstOrphan(first.pid);
    for (let retryMs = FIRST_RETRY_MS; ; ) {
      await current?.exited;
      guard.kill("SIGKILL");
      current = undefined;
      if (isStopping) return;
      say("Postgres ended by itself, starting it again");
      await delay(retryMs);
      try {
        current = await startEmbeddedPostgres({ dataDir: postgresDir, port: first.port });
        guard = guardAgainstOrphan(current.pid);
        restarts += 1;
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        say(`Postgres does not start: ${messageOf(error)}`);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  })();
  return {
    url: first.url,
    observe: () => (current === undefined ? undefined : { pid: current.pid, restarts, dataDir: current.dataDir }),
    stop: async () => {
      isStopping = true;
      await current?.stop();
      await keeping;
    },
  };
}

/**
 * Ends Postgres when this process is gone, whatever killed it: a shell waits for the end of a pipe only we hold open.
 * Postgres itself cannot watch us, since it runs in its own process group to survive a terminal's Ctrl-C.
 */
function guardAgainstOrphan(pid: number): ChildProcess {
  const guard = spawn("/bin/sh", ["-c", 'read -r _; kill -INT "$1"', "sh", String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => {});
  guard.unref();
  return guard;
}
