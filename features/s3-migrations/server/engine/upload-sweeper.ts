import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { openDestination } from "../stores/open-stores";
import { abortUpload } from "./abort-upload";
import type { EngineSettings } from "./engine-settings";
import { claimLeftUploads, forgetLeftUpload } from "./left-upload-repository";
import { abortLeftUploads } from "./upload-attempt";
import { listWithLeftUploads } from "./upload-repository";

/** A destination that could not be reached is asked again after this long. */
const ASK_AGAIN_MS = 60_000;

/** Leases after which nobody can still be about to say how the server calls an upload. */
const NAMELESS_LEASES = 4;

/**
 * Gives back parts that nobody goes on with: all of a migration that has ended or was removed, and of one under way those
 * whose object failed for good long enough ago. Parts are paid for until somebody aborts them. Any worker may do it, also two at once.
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
      await abortUploadsOfRemoved(settings);
      outage.over();
    } catch (error) {
      outage.note(error);
    }
    await pause(settings.sweepMs, signal);
  }
}

/** Of migrations that are no more. One whose name nobody told is looked for until nobody can be about to begin it. */
async function abortUploadsOfRemoved({ sweepMs, leaseMs }: EngineSettings): Promise<void> {
  for (const { destination: spec, leftMs, ...upload } of await claimLeftUploads(sweepMs)) {
    const destination = openDestination(spec, 1);
    const isAborted = await abortUpload(destination, upload).finally(() => destination.close());
    const isAll = upload.uploadId !== null || leftMs > NAMELESS_LEASES * leaseMs;
    if (isAborted && isAll) await forgetLeftUpload(upload.attemptId);
  }
}
