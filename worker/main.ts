import { runbookSyncTask, runCheckTask } from "@/features/runbooks/server";
import { s3EngineTask } from "@/features/s3-migrations/server";
import { sampleDataTask } from "@/features/sample-data/server";
import { createAlertTask } from "@/server/alerts/deliver-alerts";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { runProcess } from "@/server/processes/run-process";
import { checkPorts } from "./check-ports";
import { runTasks } from "./run-tasks";
import { samplePorts } from "./sample-ports";

/** Everything the worker does, one task per feature concern. */
const tasks = (): WorkerTask[] => [
  runbookSyncTask,
  s3EngineTask,
  sampleDataTask(samplePorts()),
  createAlertTask(),
  runCheckTask(checkPorts()),
];

void runProcess({ name: "worker", work: (signal, onReady) => runTasks(tasks(), signal, onReady) });
