import { log } from "@/server/log/log";
import type { S3Destination } from "../stores/s3-destination";
import type { OpenUpload } from "./upload-repository";

/** An upload that nobody noted the name of began this long after its note at most, by two clocks. */
const BEGUN_WITHIN_MS = 60_000;
const CLOCK_SLACK_MS = 10_000;
const ABORT_TIMEOUT_MS = 10_000;

/**
 * Gives the parts of an upload back. True once nothing of it is left at the destination; false when it has to be asked
 * again. Never throws. Not under the caller's signal: an aborted copy is exactly when this has to be sent.
 */
export async function abortUpload(
  destination: S3Destination,
  upload: Omit<OpenUpload, "cut">,
  except?: string,
): Promise<boolean> {
  const signal = AbortSignal.timeout(ABORT_TIMEOUT_MS);
  try {
    for (const uploadId of await namesOf(destination, upload, signal)) {
      // A nameless one may be any of its key and time, also the one that is gone on with.
      if (uploadId === except) continue;
      await destination.abortUpload(upload.key, uploadId, signal);
    }
    return true;
  } catch (error) {
    log().warn({ err: error, key: upload.key }, "an upload in parts could not be aborted yet");
    return false;
  }
}

/** Its name, or those of the uploads to its very key that began when it did. */
async function namesOf(
  destination: S3Destination,
  upload: Omit<OpenUpload, "cut">,
  signal: AbortSignal,
): Promise<string[]> {
  if (upload.uploadId !== null) return [upload.uploadId];
  const { uploads, serverNowMs } = await destination.listUploads(upload.key, signal);
  const skewMs = serverNowMs - Date.now();
  return uploads.flatMap(({ uploadId, initiatedMs }) => {
    const afterMs = initiatedMs - skewMs - upload.startedAtMs;
    return afterMs > -CLOCK_SLACK_MS && afterMs < BEGUN_WITHIN_MS ? [uploadId] : [];
  });
}
