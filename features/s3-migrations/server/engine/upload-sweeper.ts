import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { openDestination } from "../stores/open-stores";
import type { EngineSettings } from "./engine-settings";
import { abortLeftUploads } from "./upload-attempt";
import { listEndedWithUploads } from "./upload-repository";

/** A destination that could not be reached is asked again after this long. */
const ASK_AGAIN_MS = 60_000;

/**
 * Gives back the parts of migrations that have ended: of a cancelled one nobody comes to copy the object anew, and parts
 * are paid for until somebody aborts them. Any worker may do it, also two at once.
 */
export async function runUploadSweeper(settings: EngineSettings, signal: AbortSignal): Promise<void> {
  const askedMs = new Map<number, number>();
  const outage = new Outage("uploads in parts that were left could not be looked for");
  while (!signal.aborted) {
    try {
      for (const { no, destination: spec } of await listEndedWithUploads()) {
        if (performance.now() - (askedMs.get(no) ?? -ASK_AGAIN_MS) < ASK_AGAIN_MS) continue;
        askedMs.set(no, performance.now());
        const destination = openDestination(spec, 1);
        await abortLeftUploads(destination, no).finally(() => destination.close());
      }
      outage.over();
    } catch (error) {
      outage.note(error);
    }
    await pause(settings.sweepMs, signal);
  }
}
