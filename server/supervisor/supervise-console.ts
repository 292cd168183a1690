import os from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@/lib/errors";
import { assertSafeHost, consoleUrl, jaegerApiUrl, otlpUrl } from "@/server/config/address";
import { addSettings, env } from "@/server/config/env";
import { applySchemaMigrations, databaseRefusal } from "@/server/db/migrate";
import { isDatabaseAway } from "@/server/http/is-database-away";
import { closeConnections, deleteDeadProcesses } from "@/server/processes/console-process-repository";
import { startHeartbeat } from "@/server/processes/heartbeat";
import { familyMemoryBytes, isPidAlive } from "@/server/processes/process-identity";
import { ChildKeeper } from "./child-keeper";
import { lockDataDir } from "./data-dir-lock";
import { noteOwnDatabase } from "./own-database";
import { keepPostgres, type PostgresKeeper } from "./postgres-keeper";
import { assertPortsFree, dataDirProblem, neededPorts, prepareDataDir, roomTrouble } from "./preflight";
import { type StopSignal, waitForStop } from "./stop-signal";

/** The children of a killed console notice within a moment and drain for up to ten seconds. */
const ORPHAN_PATIENCE_MS = 15_000;
const DATABASE_PATIENCE_MS = 10_000;
const SWEEP_MS = 5000;
const HEALTH_PATIENCE_MS = 20_000;

/** What was started, newest last; stopping takes it from the end. */
type Started = { what: string; stop: () => Promise<void>; expectEnd?: () => void; kill?: () => void };

/**
 * Runs the whole console in order: Postgres, schema migrations, collector, worker, web; keeps each alive; prints the URL
 * once it answers. Stops all of it, newest first, on the first signal and at once on the second. Returns the exit code.
 */
export async function superviseConsole(options: { onReady?: (url: string) => Promise<void> } = {}): Promise<number> {
  const started: Started[] = [];
  // Postgres is watched through handles that do not keep a process alive; until all has ended, this does.
  const wakefulness = setInterval(() => {}, 60_000);
  const stop = waitForStop(() => {
    for (const { kill } of started) kill?.();
  });
  try {
    await Promise.race([startAll(started, stop), stop.requested]);
    if (!stop.isRequested()) await options.onReady?.(consoleUrl());
    await stop.requested;
    say("Stopping ...");
    return 0;
  } finally {
    for (const { expectEnd } of started) expectEnd?.();
    for (const { what, stop: end } of started.reverse()) {
      await end().catch((error: unknown) => say(`${what} did not stop in order: ${messageOf(error)}`));
    }
    clearInterval(wakefulness);
  }
}

async function startAll(started: Started[], stop: StopSignal): Promise<void> {
  // Quiet by default: this terminal is for the person who typed the command.
  if (process.stdout.isTTY) addSettings({ OPS_LOG_LEVEL: quietLogLevel() });
  const settings = env();
  assertSafeHost();
  prepareDataDir(settings.OPS_DATA_DIR);
  const lock = lockDataDir(settings.OPS_DATA_DIR, consoleUrl());
  started.push({ what: "the lock", stop: async () => lock.release() });
  await assertPortsFree(neededPorts(settings), lock.wasStale ? ORPHAN_PATIENCE_MS : 0);
  await startDatabase(started);
  if (stop.isRequested()) return;
  const isEmbedded = settings.JAEGER_URL === undefined;
  if (isEmbedded) addSettings(embeddedTraceSettings());
  const names = isEmbedded ? ["collector", "worker", "web"] : ["worker", "web"];
  const children = names.map((name) => new ChildKeeper({ name, say, onDeath: forgetDeadProcesses }));
  for (const child of children) {
    started.push({
      what: child.name,
      stop: () => child.stop(),
      expectEnd: () => child.expectEnd(),
      kill: () => child.kill(),
    });
  }
  await Promise.all(children.map((child) => child.ready));
  await untilHealthy();
  say(`ops-console is ready: ${consoleUrl()}`);
}

/** The embedded trace source: traces go to our collector, ours included unless somebody wants them elsewhere. */
function embeddedTraceSettings(): Record<string, string> {
  return {
    JAEGER_URL: jaegerApiUrl(),
    OTEL_EXPORTER_OTLP_ENDPOINT: env().OTEL_EXPORTER_OTLP_ENDPOINT ?? otlpUrl(),
  };
}

function quietLogLevel(): string {
  const { OPS_LOG_LEVEL } = env();
  return OPS_LOG_LEVEL === "info" ? "warn" : OPS_LOG_LEVEL;
}

async function startDatabase(started: Started[]): Promise<void> {
  const { DATABASE_URL, OPS_DATA_DIR } = env();
  let postgres: PostgresKeeper | undefined;
  if (DATABASE_URL === undefined) {
    postgres = await keepPostgres(OPS_DATA_DIR, say).catch((error: unknown) => {
      throw dataDirProblem(OPS_DATA_DIR, error);
    });
    const { stop } = postgres;
    started.push({ what: "Postgres", stop });
    const forget = noteOwnDatabase(OPS_DATA_DIR, postgres.url);
    started.push({ what: "the note of its address", stop: async () => forget() });
    addSettings({ DATABASE_URL: postgres.url });
  }
  await migrateWithPatience(postgres?.url ?? DATABASE_URL ?? "");
  await deleteDeadProcesses(os.hostname(), isPidAlive);
  const goodbyes = [startHeartbeat({ name: "supervisor" })];
  if (postgres !== undefined) {
    const { observe, url } = postgres;
    const address = `127.0.0.1:${new URL(url).port}`;
    goodbyes.push(
      startHeartbeat({
        name: "postgres",
        address,
        observe: () => {
          const seen = observe();
          if (seen === undefined) return undefined;
          return { ...seen, rssBytes: familyMemoryBytes(seen.pid), trouble: roomTrouble(seen.dataDir) };
        },
      }),
    );
  }
  // An orphan of a killed console may end, without its database and so without a goodbye, after we have started.
  const sweeper = setInterval(forgetDeadProcesses, SWEEP_MS);
  started.push({
    what: "the heartbeat",
    stop: async () => {
      clearInterval(sweeper);
      await Promise.all(goodbyes.map((goodbye) => goodbye()));
      await closeConnections();
    },
  });
}

/** A Postgres taken over from a killed console may be about to end: then its restart is a moment away. */
async function migrateWithPatience(url: string): Promise<void> {
  const deadline = performance.now() + DATABASE_PATIENCE_MS;
  for (;;) {
    try {
      const applied = await applySchemaMigrations(url);
      if (applied.length > 0) say(`Schema migrations applied: ${applied.length}`);
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() > deadline) throw databaseRefusal(url, error);
      await delay(200);
    }
  }
}

async function untilHealthy(): Promise<void> {
  const deadline = performance.now() + HEALTH_PATIENCE_MS;
  for (;;) {
    const isHealthy = await fetch(`${consoleUrl()}/api/health`, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy || performance.now() > deadline) return;
    await delay(50);
  }
}

function forgetDeadProcesses(): void {
  // Swept again in five seconds; a database that is away meanwhile is reported by those that need it.
  void deleteDeadProcesses(os.hostname(), isPidAlive).catch(() => {});
}

function say(line: string): void {
  console.log(line);
}
