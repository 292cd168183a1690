import { randomUUID } from "node:crypto";
import { Wake } from "@/server/jobs/wake";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { ENGINE_SETTINGS, type EngineSettings } from "./engine/engine-settings";
import { runLeader } from "./engine/leader";
import { runLister } from "./engine/lister";
import { runPreflights } from "./engine/preflight";
import { runPump } from "./engine/pump";
import { runSoak } from "./engine/soak";
import { runUploadSweeper } from "./engine/upload-sweeper";
import { runTaskWatcher } from "./reporter/task-run-watcher";

/** The engine of one worker: lists, copies, verifies, and leads when nobody else does. Any number of workers may run. */
export function createS3EngineTask(settings: EngineSettings = ENGINE_SETTINGS): WorkerTask {
  return {
    name: "s3-migrations",
    run: async (signal) => {
      const owner = randomUUID();
      const work = { settings, sealed: new Wake() };
      await Promise.all([
        runPump(owner, work, signal),
        runLister(owner, work, signal),
        runLeader(settings, signal),
        runPreflights(signal),
        runTaskWatcher(signal),
        runUploadSweeper(settings, signal),
        runSoak(owner, settings, signal),
      ]);
    },
  };
}

export const s3EngineTask: WorkerTask = createS3EngineTask();
