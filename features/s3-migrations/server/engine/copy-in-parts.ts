import { createHash } from "node:crypto";
import { combineCrc32 } from "../../domain/combine-crc32";
import { type PartRange, partSizeOf, partsOf } from "../../domain/part-size";
import type { ErrorClass } from "../../domain/states";
import type { OpenedObject } from "../stores/object-store";
import { refuseDamage } from "../stores/refuse-damage";
import type { UploadedPart } from "../stores/s3-uploads";
import { StoreError, toStoreError } from "../stores/store-error";
import type { WriteCondition } from "../stores/write-condition";
import type { ChunkObject } from "./chunk-repository";
import type { Copied, CopyContext } from "./copy-context";
import { hashStream } from "./hash-stream";
import { type SentHeaders, toKept } from "./sent-headers";
import { takeUpload, type UploadAttempt } from "./upload-attempt";
import type { UploadCut } from "./upload-repository";

/** Parts of one object in flight; each is a buffer of its size. */
const PARTS_AT_ONCE = 2;
/** After these the bytes sent are not those wanted any more: nothing is left to go on with. */
const HOPELESS: ReadonlySet<ErrorClass> = new Set(["source_changed", "source_missing", "integrity", "conflict", "bug"]);

/**
 * Copies a large object in parts, each with its own CRC-32; the ETag of the whole is compared with the one computed
 * here. What breaks off is gone on with by whoever comes next; where that makes no sense the upload is aborted.
 */
export async function copyInParts(
  context: CopyContext,
  object: ChunkObject,
  { opened, condition, sent }: { opened: OpenedObject; condition: WriteCondition; sent: SentHeaders },
): Promise<Copied> {
  const { destination, source, signal, options } = context;
  const { sizeBytes, fingerprint, told } = opened;
  await refuseOtherThanExpected(context, object, opened);
  const partBytes = partSizeOf(sizeBytes, options.partSizeBytes) ?? tooLarge(sizeBytes);
  const cut = { fingerprint, sizeBytes, partBytes, keptSum: sent.sum };
  const upload = await takeUpload(context, object, { cut, metadata: sent.headers });
  const { uploadId } = upload;
  try {
    const { parts, md5s, crc32 } = await uploadParts(context, object, { upload, cut });
    refuseDamage(told, { crc32 });
    await source.stat(object.key, { fingerprint, signal });
    const etag = await destination.completeUpload(object.destinationKey, { uploadId, parts, condition, signal });
    await upload.done();
    const expected = `${createHash("md5").update(Buffer.concat(md5s)).digest("hex")}-${parts.length}`;
    return {
      state: "copied",
      // Every part was acknowledged by its CRC-32; the composite ETag says that they were put together in order.
      tier: etag === expected ? "acknowledged" : "none",
      sizeBytes,
      fingerprint,
      // Told back on HEAD by a server that keeps the sum of the whole: then the proof is as good as a small object's.
      crc32,
      etag,
      kept: toKept(sent),
    };
  } catch (error) {
    if (!signal.aborted && HOPELESS.has(toStoreError(error).errorClass)) await upload.abort();
    throw error;
  }
}

function tooLarge(sizeBytes: number): never {
  const message = `S3 holds objects of 5 TiB at most; this one has ${sizeBytes} bytes.`;
  throw new StoreError({ errorClass: "too_large", code: "EntityTooLarge", message });
}

/** Parts are read two at a time, so that no sum of the whole comes of it: the MD5 of a manifest costs a reading of its own. */
async function refuseOtherThanExpected(
  { source, signal }: CopyContext,
  { key, expected }: ChunkObject,
  { sizeBytes, fingerprint }: OpenedObject,
): Promise<void> {
  if (expected?.md5 === undefined) return;
  const whole = await source.openRange(key, { start: 0, end: sizeBytes, fingerprint, signal });
  refuseDamage({ md5: expected.md5 }, await hashStream(whole));
}

async function uploadParts(
  { source, destination, signal }: CopyContext,
  { key, destinationKey }: ChunkObject,
  { upload, cut }: { upload: UploadAttempt; cut: UploadCut },
): Promise<{ parts: UploadedPart[]; md5s: Buffer[]; crc32: string }> {
  const { fingerprint, sizeBytes, partBytes } = cut;
  const ranges = partsOf(sizeBytes, partBytes);
  const done = new Map(upload.sent);
  const open = ranges.filter(({ partNumber }) => !done.has(partNumber));
  let next = 0;
  const putPart = async ({ partNumber, start, end }: PartRange) => {
    const body = await collect(await source.openRange(key, { start, end, fingerprint, signal }), end - start);
    const md5 = createHash("md5").update(body).digest("hex");
    const { etag, crc32 } = await destination.putPart(destinationKey, {
      uploadId: upload.uploadId,
      partNumber,
      body,
      signal,
    });
    const part = { partNumber, etag, crc32, md5 };
    await upload.note(part);
    done.set(partNumber, part);
  };
  const lane = async () => {
    for (let range = open[next++]; range !== undefined; range = open[next++]) await putPart(range);
  };
  const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, open.length) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    // A part that arrives after an abort could stay for ever: no further one, and the one on its way first.
    next = open.length;
    await Promise.allSettled(lanes);
    throw error;
  }
  const parts = ranges.flatMap(({ partNumber }) => done.get(partNumber) ?? []);
  return {
    parts,
    md5s: parts.map(({ md5 }) => Buffer.from(md5, "hex")),
    crc32: wholeCrc32(parts, ranges),
  };
}

/** The sum of the whole from those of its parts, in base64. */
export function wholeCrc32(parts: readonly Pick<UploadedPart, "crc32">[], ranges: readonly PartRange[]): string {
  const sum = Buffer.alloc(4);
  const sums = parts.map(({ crc32 }) => Buffer.from(crc32, "base64").readUInt32BE());
  const lengthOf = (at: number) => (ranges[at]?.end ?? 0) - (ranges[at]?.start ?? 0);
  sum.writeUInt32BE(sums.reduce((whole, part, at) => combineCrc32(whole, part, lengthOf(at)), 0));
  return sum.toString("base64");
}

async function collect(stream: AsyncIterable<Buffer>, sizeBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  try {
    for await (const piece of stream) {
      total += piece.length;
      if (total <= sizeBytes) pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError({ errorClass: "transient", code: "StreamBroke", message: "The source broke off.", cause });
  }
  if (total === sizeBytes) return Buffer.concat(pieces, total);
  throw new StoreError({
    errorClass: "transient",
    code: "TruncatedBody",
    message: `The source gave ${total} of ${sizeBytes} bytes.`,
  });
}
