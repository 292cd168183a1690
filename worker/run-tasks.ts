import { pause } from "@/server/jobs/pause";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { log } from "@/server/log/log";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** Runs every task until `signal` aborts. A task that throws is started again with growing pauses; the others go on. */
export async function runTasks(tasks: WorkerTask[], signal: AbortSignal, onReady: () => void): Promise<void> {
  onReady();
  await Promise.all([untilAborted(signal), ...tasks.map((task) => keepRunning(task, signal))]);
}

async function keepRunning(task: WorkerTask, signal: AbortSignal): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await task.run(signal);
      return;
    } catch (error) {
      log().error({ err: error, task: task.name }, "a background task failed, starting it again");
    }
    if (performance.now() - startedAt > LAST_RETRY_MS) retryMs = FIRST_RETRY_MS;
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}

/** Keeps the process alive while it has no task, too. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pause(60_000, signal);
}
