import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { EngineSettings } from "@/features/s3-migrations/server/engine/engine-settings";
import { FAST } from "./s3-engine";

/** A worker in a process of its own. `exited` settles however it ends. */
export type WorkerChild = { process: ChildProcess; exited: Promise<void>; stop: () => Promise<void> };

/** Starts a worker on this process's `DATABASE_URL`; resolves once its engine runs. */
export async function startWorker(settings: Partial<EngineSettings> = {}): Promise<WorkerChild> {
  const child = fork(path.join(import.meta.dirname, "s3-worker-child.ts"), [JSON.stringify({ ...FAST, ...settings })], {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    env: { ...process.env, OPS_LOG_LEVEL: process.env.OPS_LOG_LEVEL ?? "silent", NODE_OPTIONS: "" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit").then(() => {});
  await Promise.race([
    once(child, "message"),
    exited.then(() => {
      throw new Error("the worker ended before it was ready");
    }),
  ]);
  return {
    process: child,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // A stopped process takes no SIGTERM before it goes on.
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Seeded numbers in [0, 1) (mulberry32), so that a failing run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
