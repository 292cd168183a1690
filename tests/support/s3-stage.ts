import { afterAll, afterEach, beforeAll } from "vitest";
import type { EngineSettings } from "@/features/s3-migrations/server/engine/engine-settings";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "./database";
import { startEngine } from "./s3-engine";
import { startWorker, type WorkerChild } from "./s3-workers";
import { type S3World, startS3World } from "./s3-world";

/** What a test of S3 migrations plays on: a database, an S3 server and directories, and engines that end with the test. */
export type S3Stage = {
  readonly world: S3World;
  /** An engine in the test's own process; it drains after the test, or when `stop` is called. */
  runEngine: (settings?: Partial<EngineSettings>) => { stop: () => Promise<void> };
  /** A worker in a process of its own, to be killed. */
  addWorker: () => Promise<WorkerChild>;
  kill: (worker: WorkerChild) => Promise<void>;
};

/** Call at the top of a file or of a `describe`: it registers the hooks that build and clear the stage. */
export function setS3Stage(openWorld: () => Promise<S3World> = () => startS3World()): S3Stage {
  let db: TestDatabase;
  let world: S3World | undefined;
  const engines = new Set<{ stop: () => Promise<void> }>();
  const workers = new Set<WorkerChild>();

  beforeAll(async () => {
    db = await createTestDatabase();
    world = await openWorld();
  });
  afterEach(async () => {
    await Promise.all([...engines, ...workers].map((running) => running.stop()));
    engines.clear();
    workers.clear();
  });
  afterAll(async () => {
    await world?.stop();
    await closeDatabase();
    await db?.drop();
  });

  return {
    get world() {
      if (world === undefined) throw new Error("The stage is set in beforeAll: use it inside a test.");
      return world;
    },
    runEngine: (settings) => {
      const engine = startEngine(settings);
      engines.add(engine);
      return engine;
    },
    addWorker: async () => {
      const worker = await startWorker();
      workers.add(worker);
      return worker;
    },
    kill: async (worker) => {
      worker.process.kill("SIGKILL");
      await worker.exited;
      workers.delete(worker);
    },
  };
}
