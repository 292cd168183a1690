import { isDeepStrictEqual } from "node:util";
import { log } from "@/server/log/log";
import { partsOf } from "../../domain/part-size";
import type { ObjectMetadata } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import { StoreError } from "../stores/store-error";
import { abortUpload } from "./abort-upload";
import type { ChunkObject } from "./chunk-repository";
import type { CopyContext } from "./copy-context";
import {
  forgetUpload,
  listOpenUploads,
  listOwnUploadIds,
  listSentParts,
  nameUpload,
  notePart,
  noteUpload,
  type OpenUpload,
  type SentPart,
  saveForeignUploads,
  type UploadCut,
  type WhichUploads,
} from "./upload-repository";

const LOOK_TIMEOUT_MS = 10_000;
/** Nobody reads it: whoever lost its objects writes nothing about them. */
const LOST = { errorClass: "transient", code: "LeaseLost", message: "Another worker has the object now." } as const;

export type UploadAttempt = {
  uploadId: string;
  /** Parts the server has as they were sent: not to be sent again. */
  sent: ReadonlyMap<number, SentPart>;
  /** The server acknowledged a part. */
  note: (part: SentPart) => Promise<void>;
  /** Completed: nothing is left to abort. */
  done: () => Promise<void>;
  /** Gives the parts back; what cannot be aborted now is aborted by whoever sweeps later. Never throws. */
  abort: () => Promise<void>;
};

/**
 * Goes on with the upload in parts that a dead worker left of the same object, cut the same way, or begins one. Whatever
 * else was left of the object is aborted. Throws StoreError: a `conflict` where one that was left may have been completed.
 */
export async function takeUpload(
  context: CopyContext,
  object: ChunkObject,
  { cut, metadata }: { cut: UploadCut; metadata: ObjectMetadata },
): Promise<UploadAttempt> {
  const { destination, migrationNo, isMine } = context;
  // One that lost the object and has not noticed would abort what its successor is sending, and that one its own again.
  if (!(await inDatabase(isMine))) throw new StoreError(LOST);
  const left = await inDatabase(() => listOpenUploads(migrationNo, { objectId: object.id }));
  let taken: UploadAttempt | undefined;
  for (const upload of left) {
    if (taken === undefined && isDeepStrictEqual(upload.cut, cut)) taken = await resumed(context, upload);
    if (taken === undefined || taken.uploadId !== upload.uploadId) await abortOne(destination, upload, taken?.uploadId);
  }
  if (taken !== undefined) return taken;
  if (left.length > 0) await refuseIfCompleted(context, object);
  return begun(context, object, { cut, metadata });
}

/**
 * An upload that the server knows no more may have been completed, and the answer lost: what is there is compared then,
 * before gigabytes are sent a second time only to be refused at the end.
 */
async function refuseIfCompleted({ destination, signal }: CopyContext, object: ChunkObject): Promise<void> {
  const there = await destination.head(object.destinationKey, signal);
  // What is to be replaced is not what came of the upload that was to replace it.
  if (there === undefined || there.etag === object.etag) return;
  const message = "The destination has this key since an upload of it ended.";
  throw new StoreError({ errorClass: "conflict", code: "KeyExists", message });
}

async function begun(
  { destination, migrationNo, signal }: CopyContext,
  object: ChunkObject,
  { cut, metadata }: { cut: UploadCut; metadata: ObjectMetadata },
): Promise<UploadAttempt> {
  const attemptId = await inDatabase(() => noteUpload(migrationNo, object.id, cut));
  if (attemptId === undefined) throw new StoreError(LOST);
  const uploadId = await destination.startUpload(object.destinationKey, metadata, signal);
  const attempt = attemptOf(destination, { attemptId, key: object.destinationKey, uploadId, startedAtMs: 0, cut });
  try {
    if (await inDatabase(() => nameUpload(attemptId, uploadId))) return attempt;
  } catch (error) {
    await attempt.abort();
    throw error;
  }
  // The migration was removed meanwhile.
  await attempt.abort();
  throw new StoreError(LOST);
}

/** Only parts that the server tells exactly as they were noted count; `undefined` when it knows the upload no more. */
async function resumed({ destination, signal }: CopyContext, upload: OpenUpload): Promise<UploadAttempt | undefined> {
  const { uploadId, attemptId, key, cut } = upload;
  if (uploadId === null || cut === null) return undefined;
  const noted = await inDatabase(() => listSentParts(attemptId));
  const stored = await destination.listParts(key, uploadId, signal);
  if (stored === undefined) return undefined;
  const ranges = new Map(partsOf(cut.sizeBytes, cut.partBytes).map((range) => [range.partNumber, range]));
  const isSame = (part: SentPart) => {
    const range = ranges.get(part.partNumber);
    const there = stored.get(part.partNumber);
    if (range === undefined || there === undefined || there.etag !== part.etag) return false;
    return there.sizeBytes === range.end - range.start && (there.crc32 ?? part.crc32) === part.crc32;
  };
  const sent = new Map(noted.filter(isSame).map((part) => [part.partNumber, part]));
  log().info({ key, parts: sent.size, of: ranges.size }, "an upload in parts is taken up again");
  return attemptOf(destination, { ...upload, uploadId }, sent);
}

function attemptOf(
  destination: S3Destination,
  upload: OpenUpload & { uploadId: string },
  sent: ReadonlyMap<number, SentPart> = new Map(),
): UploadAttempt {
  const { attemptId, uploadId } = upload;
  return {
    uploadId,
    sent,
    note: (part) => inDatabase(() => notePart(attemptId, part)),
    // A note that stays costs one abort that finds nothing.
    done: () => forgetUpload(attemptId).catch(() => {}),
    abort: () => abortOne(destination, upload),
  };
}

/**
 * Aborts what this migration began in parts and did not end: of objects nobody copies any more, or (at its end) of all.
 * Other people's uploads are left alone. A server or database that does not answer is asked again by the next sweep.
 */
export async function abortLeftUploads(
  destination: S3Destination,
  migrationNo: number,
  which: WhichUploads,
): Promise<void> {
  const uploads = await inDatabase(() => listOpenUploads(migrationNo, which));
  for (const upload of uploads) await abortOne(destination, upload);
}

/** Writes down what others have open under the same prefix, so that people see what they pay for. */
export async function lookAtForeignUploads(destination: S3Destination, migrationNo: number): Promise<void> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  const [own, open] = await Promise.all([listOwnUploadIds(migrationNo), destination.listAllUploads(signal)]);
  await saveForeignUploads(
    migrationNo,
    open.filter(({ uploadId }) => !own.has(uploadId)),
  );
}

/** What cannot be aborted or forgotten now stays on record for the next sweep. */
async function abortOne(destination: S3Destination, upload: OpenUpload, except?: string): Promise<void> {
  if (!(await abortUpload(destination, upload, except))) return;
  await forgetUpload(upload.attemptId).catch(() => {});
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
