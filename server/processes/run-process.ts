import { setMaxListeners } from "node:events";
import { AppError, messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";
import { stopListening } from "@/server/realtime/listen";
import { startTelemetry } from "@/server/telemetry/setup";
import { closeConnections, limitOwnQueries } from "./console-process-repository";
import { startHeartbeat } from "./heartbeat";

/** What is unfinished after this long is abandoned; its lease or transaction makes that safe. */
const DRAIN_MS = 10_000;
const GOODBYE_MS = 2000;

type ProcessOptions = {
  /** `web`, `worker` or `collector`; the telemetry service is `ops-console-<name>`. */
  name: string;
  /** Where others reach this process, for the overview. */
  address?: () => string;
  /** How long a query of it may take; without a limit where nobody waits for the answer. */
  queryLimitMs?: number;
  /** Does the work; ends by itself soon after `signal` aborts. Calls `onReady` once it can take work. */
  work: (signal: AbortSignal, onReady: () => void) => Promise<void>;
};

/**
 * The life of one process of the console: settings, telemetry, heartbeat, work, drain, goodbye, exit. It stops on
 * SIGTERM, on SIGINT when nobody supervises it, and when its supervisor is gone, even by kill -9.
 */
export async function runProcess({ name, address, queryLimitMs, work }: ProcessOptions): Promise<void> {
  const stop = new AbortController();
  // Every loop of a process listens on it: more than ten are no leak.
  setMaxListeners(0, stop.signal);
  listenForStop(stop);
  let exitCode = 0;
  try {
    if (queryLimitMs !== undefined) limitOwnQueries(queryLimitMs);
    const flushTelemetry = startTelemetry(`ops-console-${name}`);
    const sayGoodbye = startHeartbeat({ name, address: address?.(), restarts: env().OPS_RESTARTS });
    const working = work(stop.signal, () => process.send?.({ kind: "ready" })).catch((error: unknown) => {
      exitCode = 1;
      report(name, error);
      stop.abort();
    });
    await Promise.race([working, aborted(stop.signal).then(() => pause(DRAIN_MS))]);
    await Promise.race([Promise.allSettled([sayGoodbye(), flushTelemetry()]), pause(GOODBYE_MS)]);
    stopListening();
    await Promise.race([closeConnections(), pause(GOODBYE_MS)]);
  } catch (error) {
    exitCode = 1;
    report(name, error);
  }
  process.exit(exitCode);
}

function listenForStop(stop: AbortController): void {
  const end = () => stop.abort();
  process.once("SIGTERM", end);
  process.once("disconnect", end);
  // A terminal's Ctrl-C reaches every process of the group; under a supervisor only its word counts, to keep the order.
  if (process.connected) process.on("SIGINT", () => {});
  else process.once("SIGINT", end);
  process.on("unhandledRejection", (reason) => log().error({ err: reason }, "unhandled rejection"));
}

function report(name: string, error: unknown): void {
  if (error instanceof AppError) process.stderr.write(`ops-console ${name}: ${error.message}\n`);
  else log().fatal({ err: error, reason: messageOf(error) }, `${name} failed`);
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
