import { pause } from "@/server/jobs/pause";
import { log } from "@/server/log/log";
import { listWatchedRuns, lookAtRun } from "./task-run-repository";

const LOOK_EVERY_MS = 5000;

/** Looks at runs of maintenance_tasks in databases the worker's settings name. Two workers that look see the same. */
export async function runTaskWatcher(signal: AbortSignal, everyMs: number = LOOK_EVERY_MS): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const watch of await listWatchedRuns()) await lookAtRun(watch);
    } catch (error) {
      log().warn({ err: error }, "the runs of maintenance_tasks could not be looked at");
    }
    await pause(everyMs, signal);
  }
}
