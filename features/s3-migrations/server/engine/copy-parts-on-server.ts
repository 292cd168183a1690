import { type PartRange, partSizeOf, partsOf } from "../../domain/part-size";
import type { OpenedObject } from "../stores/object-store";
import type { CopiedSums } from "../stores/s3-xml";
import { StoreError } from "../stores/store-error";
import type { WriteCondition } from "../stores/write-condition";
import type { ChunkObject } from "./chunk-repository";
import type { CopyContext } from "./copy-context";
import { wholeCrc32 } from "./copy-in-parts";
import type { SentHeaders } from "./sent-headers";
import { takeUpload, type UploadAttempt } from "./upload-attempt";

/** No byte comes by here, so parts may be large: a server answers for each within seconds, and within the idle limit. */
const PART_BYTES = 512 * 1024 * 1024;
/** Requests the server works at together for one object. */
const PARTS_AT_ONCE = 4;

type Asked = { opened: OpenedObject; condition: WriteCondition; sent: SentHeaders; from: string };
type CopiedPart = CopiedSums & { partNumber: number };

/**
 * Has the server copy an object too large for one request part by part, each of exactly the version that was opened.
 * The upload is on record like one of bytes sent from here, so that nothing is left of one that breaks off.
 */
export async function copyPartsOnServer(
  context: CopyContext,
  object: ChunkObject,
  { opened, condition, sent, from }: Asked,
): Promise<{ etag: string; partsCrc32: string | undefined }> {
  const { destination, serverCopyBytes, signal } = context;
  const { sizeBytes, fingerprint } = opened;
  const partBytes = partSizeOf(sizeBytes, Math.min(PART_BYTES, serverCopyBytes)) ?? tooLarge();
  const cut = { fingerprint, sizeBytes, partBytes, keptSum: sent.sum };
  const upload = await takeUpload(context, object, { cut, metadata: sent.headers });
  try {
    const ranges = partsOf(sizeBytes, partBytes);
    const parts = await copyParts(context, object, { upload, ranges, opened, from });
    const { uploadId } = upload;
    const etag = await destination.completeUpload(object.destinationKey, { uploadId, parts, condition, signal });
    await upload.done();
    return { etag, partsCrc32: crc32Of(parts, ranges) };
  } catch (error) {
    // Nothing was read here that would have to be read again: another try begins anew.
    if (!signal.aborted) await upload.abort();
    throw error;
  }
}

async function copyParts(
  { destination, signal }: CopyContext,
  { destinationKey }: ChunkObject,
  {
    upload,
    ranges,
    opened: { fingerprint, told },
    from,
  }: { upload: UploadAttempt; ranges: PartRange[]; opened: OpenedObject; from: string },
): Promise<CopiedPart[]> {
  const copied: CopiedPart[] = [];
  const { uploadId } = upload;
  let next = 0;
  const lane = async () => {
    for (let range = ranges[next++]; range !== undefined; range = ranges[next++]) {
      const { partNumber } = range;
      const sums = await destination.copyPart(destinationKey, { uploadId, from, fingerprint, ...range, signal });
      refuseSumOfWhole(sums, told, ranges);
      copied.push({ partNumber, ...sums });
    }
  };
  const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, ranges.length) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    // A part that arrives after the abort could stay for ever: no further one, and those on their way first.
    next = ranges.length;
    await Promise.allSettled(lanes);
    throw error;
  }
  return copied.sort((a, b) => a.partNumber - b.partNumber);
}

/**
 * A server that calls the sum of the whole source the sum of each part (versitygw 1.8.0) ends with a sum of nothing: known
 * by the first part, before gigabytes are copied that cannot be proven.
 */
function refuseSumOfWhole({ crc32 }: CopiedSums, told: OpenedObject["told"], ranges: readonly PartRange[]): void {
  if (ranges.length === 1 || crc32 === undefined || crc32 !== told.crc32) return;
  const message = "The destination tells the sum of the whole for a part it copied: its copies in parts prove nothing.";
  throw new StoreError({ errorClass: "unsupported", code: "PartSumOfWhole", message });
}

/** `undefined` where the server does not tell the sum of every part. */
function crc32Of(parts: readonly CopiedPart[], ranges: readonly PartRange[]): string | undefined {
  const told = parts.flatMap(({ crc32 }) => (crc32 === undefined ? [] : [{ crc32 }]));
  return told.length === ranges.length ? wholeCrc32(told, ranges) : undefined;
}

function tooLarge(): never {
  throw new StoreError({ errorClass: "too_large", code: "EntityTooLarge", message: "S3 holds no such object." });
}
