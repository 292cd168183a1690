import pg from "pg";
import { messageOf } from "@/lib/errors";
import { databaseUrl, pool } from "@/server/db/client";
import { pause } from "@/server/jobs/pause";
import { log } from "@/server/log/log";

const CHANNEL = "ops";
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;

type Listener = (topic: string) => void;
type Shared = { opsListeners?: Set<Listener>; opsListening?: AbortController };
const shared = globalThis as typeof globalThis & Shared;

/**
 * Says that `topic` (for example `run:4f1c`) has a newer version. Only a hint: whoever hears it reads the truth again,
 * and whoever misses it polls. Pass the transaction's client to send at commit; worker transactions never do.
 */
export async function notify(topic: string, client?: pg.ClientBase): Promise<void> {
  await (client ?? pool()).query("select pg_notify($1, $2)", [CHANNEL, topic]);
}

/**
 * Calls `listener` for every hint of `topic`, and for all topics after the connection was lost, since hints may have
 * been. One LISTEN connection per process serves every subscriber. Returns the unsubscribe.
 */
export function subscribe(topic: string, listener: () => void): () => void {
  shared.opsListeners ??= new Set();
  const listeners = shared.opsListeners;
  const entry: Listener = (heard) => {
    if (heard === topic || heard === "*") listener();
  };
  listeners.add(entry);
  startListening();
  return () => listeners.delete(entry);
}

/** Ends the process's LISTEN connection, so that it can exit; subscribing again opens a new one. */
export function stopListening(): void {
  shared.opsListening?.abort();
  delete shared.opsListening;
}

function startListening(): void {
  if (shared.opsListening !== undefined) return;
  shared.opsListening = new AbortController();
  void listenUntil(shared.opsListening.signal);
}

function publish(topic: string): void {
  for (const listener of shared.opsListeners ?? []) listener(topic);
}

async function listenUntil(signal: AbortSignal): Promise<void> {
  for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
    try {
      await listenOnce(signal, () => {
        retryMs = FIRST_RETRY_MS;
        publish("*");
      });
    } catch (error) {
      log().warn({ reason: messageOf(error) }, "live updates lost the database, polling until it is back");
    }
    await pause(retryMs, signal, { ref: false });
  }
}

async function listenOnce(signal: AbortSignal, onReady: () => void): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl(),
    keepAlive: true,
    application_name: "ops-console listen",
  });
  const lost = new Promise<void>((resolve) => {
    client.on("error", () => resolve());
    client.on("end", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  client.on("notification", ({ payload }) => publish(payload ?? "*"));
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    onReady();
    await lost;
  } finally {
    // A connection that is lost cannot say goodbye.
    await client.end().catch(() => {});
  }
}
