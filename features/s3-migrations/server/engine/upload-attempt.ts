import { log } from "@/server/log/log";
import type { ObjectMetadata } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import { StoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";
import type { CopyContext } from "./copy-context";
import { forgetUpload, listOpenUploads, nameUpload, noteUpload, type OpenUpload } from "./upload-repository";

/** An upload that nobody noted the name of began this long after its note at most, by two clocks. */
const BEGUN_WITHIN_MS = 60_000;
const CLOCK_SLACK_MS = 10_000;
const ABORT_TIMEOUT_MS = 10_000;

export type UploadAttempt = {
  uploadId: string;
  /** Completed: nothing is left to abort. */
  done: () => Promise<void>;
  /** Gives the parts back; what cannot be aborted now is aborted by whoever sweeps later. Never throws. */
  abort: () => Promise<void>;
};

/** Begins an upload in parts, after aborting whatever a dead worker left of the same object. Throws StoreError. */
export async function beginUpload(
  { destination, migrationNo, signal }: CopyContext,
  object: ChunkObject,
  metadata: ObjectMetadata,
): Promise<UploadAttempt> {
  await abortLeftUploads(destination, migrationNo, object.id);
  const attemptId = await inDatabase(() => noteUpload(migrationNo, object.id));
  const uploadId = await destination.startUpload(object.destinationKey, metadata, signal);
  const left = { attemptId, key: object.destinationKey, uploadId, startedAtMs: 0 };
  const abort = () => abortOne(destination, left);
  try {
    await inDatabase(() => nameUpload(attemptId, uploadId));
  } catch (error) {
    await abort();
    throw error;
  }
  // A note that stays costs one abort that finds nothing.
  return { uploadId, abort, done: () => forgetUpload(attemptId).catch(() => {}) };
}

/**
 * Aborts what this migration began in parts and did not end: of one object, or (once nobody copies any more) of all.
 * Other people's uploads are left alone. A server or database that does not answer is asked again by the next sweep.
 */
export async function abortLeftUploads(
  destination: S3Destination,
  migrationNo: number,
  objectId?: number,
): Promise<void> {
  const uploads = await inDatabase(() => listOpenUploads(migrationNo, objectId));
  for (const upload of uploads) await abortOne(destination, upload);
}

async function abortOne(destination: S3Destination, upload: OpenUpload): Promise<void> {
  // Not under the caller's signal: an aborted copy is exactly when this has to be sent.
  const signal = AbortSignal.timeout(ABORT_TIMEOUT_MS);
  try {
    for (const uploadId of await namesOf(destination, upload, signal)) {
      await destination.abortUpload(upload.key, uploadId, signal);
    }
    await forgetUpload(upload.attemptId);
  } catch (error) {
    log().warn({ err: error, key: upload.key }, "an upload in parts could not be aborted yet");
  }
}

/** Its name, or those of the uploads to its very key that began when it did. */
async function namesOf(destination: S3Destination, upload: OpenUpload, signal: AbortSignal): Promise<string[]> {
  if (upload.uploadId !== null) return [upload.uploadId];
  const { uploads, serverNowMs } = await destination.listUploads(upload.key, signal);
  const skewMs = serverNowMs - Date.now();
  return uploads.flatMap(({ uploadId, initiatedMs }) => {
    const afterMs = initiatedMs - skewMs - upload.startedAtMs;
    return afterMs > -CLOCK_SLACK_MS && afterMs < BEGUN_WITHIN_MS ? [uploadId] : [];
  });
}

/** A database that is away is waited for like a store that is. */
async function inDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StoreError({
      errorClass: "transient",
      code: "DatabaseAway",
      message: "The database did not take a note of an upload in parts.",
      cause,
    });
  }
}
