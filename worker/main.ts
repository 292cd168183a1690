import { s3EngineTask } from "@/features/s3-migrations/server";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { runProcess } from "@/server/processes/run-process";
import { runTasks } from "./run-tasks";

/** Everything the worker does, one task per feature concern. */
const TASKS: WorkerTask[] = [s3EngineTask];

void runProcess({ name: "worker", work: (signal, onReady) => runTasks(TASKS, signal, onReady) });
