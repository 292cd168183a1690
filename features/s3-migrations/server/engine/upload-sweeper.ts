import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { openDestination } from "../stores/open-stores";
import type { EngineSettings } from "./engine-settings";
import { abortLeftUploads } from "./upload-attempt";
import { listWithLeftUploads } from "./upload-repository";

/** A destination that could not be reached is asked again after this long. */
const ASK_AGAIN_MS = 60_000;

/**
 * Gives back parts that nobody goes on with: all of a migration that has ended, and of one under way those whose object
 * failed for good long enough ago. Parts are paid for until somebody aborts them. Any worker may do it, also two at once.
 */
export async function runUploadSweeper(settings: EngineSettings, signal: AbortSignal): Promise<void> {
  const askedMs = new Map<number, number>();
  const outage = new Outage("uploads in parts that were left could not be looked for");
  while (!signal.aborted) {
    try {
      for (const { no, destination: spec, isOver } of await listWithLeftUploads(settings.abandonedMs)) {
        if (performance.now() - (askedMs.get(no) ?? -ASK_AGAIN_MS) < ASK_AGAIN_MS) continue;
        askedMs.set(no, performance.now());
        const destination = openDestination(spec, 1);
        const which = isOver ? "all" : { abandonedMs: settings.abandonedMs };
        await abortLeftUploads(destination, no, which).finally(() => destination.close());
      }
      outage.over();
    } catch (error) {
      outage.note(error);
    }
    await pause(settings.sweepMs, signal);
  }
}
