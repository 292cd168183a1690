import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "@/lib/errors";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { log } from "@/server/log/log";
import { syncRunbooks } from "./sync-runbooks";

/** An author who saves a file wants to see it; reading a folder is cheap. */
const DIRECTORY_INTERVAL_MS = 5000;
/** A fetch talks to somebody else's server. */
const GIT_EVERY_TURNS = 12;

/** Keeps the stored runbooks what their sources hold: folders every 5 s, git every minute. */
export const runbookSyncTask: WorkerTask = {
  name: "runbook-sync",
  run: async (signal) => {
    for (let turn = 0; !signal.aborted; turn += 1) {
      try {
        await syncRunbooks(signal, turn % GIT_EVERY_TURNS === 0 ? undefined : new Set(["directory"]));
      } catch (error) {
        log().error({ err: error, reason: messageOf(error) }, "runbooks could not be read");
      }
      await pause(DIRECTORY_INTERVAL_MS, undefined, { signal }).catch(() => {});
    }
  },
};
