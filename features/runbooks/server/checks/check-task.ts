import { pause } from "@/server/jobs/pause";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { Outage } from "@/server/log/outage";
import type { CheckPorts } from "./check-ports";
import { listRunsWithChecks, withCheckLead } from "./check-repository";
import { runChecks } from "./run-checks";

const TURN_MS = 2000;
const RUNS_AT_ONCE = 4;

/** Asks the checks of all runs that are followed, one worker at a time. */
export function runCheckTask(ports: CheckPorts): WorkerTask {
  return {
    name: "run-checks",
    run: async (signal) => {
      const outage = new Outage("checks of runs could not be asked");
      while (!signal.aborted) {
        try {
          await askAll(ports, signal);
          outage.over();
        } catch (error) {
          outage.note(error);
        }
        await pause(TURN_MS, signal);
      }
    },
  };
}

/** One turn over all runs; a run whose checks hang holds no other up for longer than their timeouts. */
export async function askAll(ports: CheckPorts, signal: AbortSignal): Promise<void> {
  const runIds = await listRunsWithChecks();
  if (runIds.length === 0) return;
  await withCheckLead(async () => {
    const queue = [...runIds];
    const work = async () => {
      for (let id = queue.shift(); id !== undefined && !signal.aborted; id = queue.shift())
        await runChecks(id, { ports, nowMs: Date.now }, signal);
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  });
}
