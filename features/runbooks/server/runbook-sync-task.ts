import { pause } from "@/server/jobs/pause";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { Outage } from "@/server/log/outage";
import { syncRunbooks } from "./sync-runbooks";

/** An author who saves a file wants to see it; reading a folder is cheap. */
const DIRECTORY_INTERVAL_MS = 5000;
/** A fetch talks to somebody else's server. */
const GIT_EVERY_TURNS = 12;

/** Keeps the stored runbooks what their sources hold: folders every 5 s, git every minute. */
export const runbookSyncTask: WorkerTask = {
  name: "runbook-sync",
  run: async (signal) => {
    const outage = new Outage("runbooks could not be read");
    for (let turn = 0; !signal.aborted; turn += 1) {
      try {
        await syncRunbooks(signal, turn % GIT_EVERY_TURNS === 0 ? undefined : new Set(["directory"]));
        outage.over();
      } catch (error) {
        outage.note(error);
      }
      await pause(DIRECTORY_INTERVAL_MS, signal);
    }
  },
};
