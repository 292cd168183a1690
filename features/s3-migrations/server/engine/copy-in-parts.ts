import { createHash } from "node:crypto";
import { combineCrc32 } from "../../domain/combine-crc32";
import type { OpenedObject } from "../stores/object-store";
import { refuseDamage } from "../stores/refuse-damage";
import type { UploadedPart, WriteCondition } from "../stores/s3-destination";
import { StoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";
import type { Copied, CopyContext } from "./copy-context";
import { hashStream } from "./hash-stream";
import { type SentHeaders, toKept } from "./sent-headers";
import { beginUpload } from "./upload-attempt";

const MAX_PARTS = 10_000;
/** Parts of one object in flight; each is a buffer of `partSizeBytes`. */
const PARTS_AT_ONCE = 2;
const MIB = 1024 * 1024;

/**
 * Copies a large object in parts, each with its own CRC-32; the ETag of the whole is compared with the one computed
 * here. On any failure the upload is aborted, so that no parts are left behind to be paid for.
 */
export async function copyInParts(
  context: CopyContext,
  object: ChunkObject,
  { opened, condition, sent }: { opened: OpenedObject; condition: WriteCondition; sent: SentHeaders },
): Promise<Copied> {
  const { destination, source, signal } = context;
  const { sizeBytes, fingerprint, told } = opened;
  await refuseOtherThanExpected(context, object, opened);
  const upload = await beginUpload(context, object, sent.headers);
  const { uploadId } = upload;
  try {
    const { parts, md5s, crc32 } = await uploadParts(context, object, uploadId, opened);
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
    await upload.abort();
    throw error;
  }
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
  { source, destination, options, signal }: CopyContext,
  { key, destinationKey }: ChunkObject,
  uploadId: string,
  { sizeBytes, fingerprint }: { sizeBytes: number; fingerprint: string },
): Promise<{ parts: UploadedPart[]; md5s: Buffer[]; crc32: string }> {
  const partSize = partSizeOf(sizeBytes, options.partSizeBytes);
  const total = Math.ceil(sizeBytes / partSize);
  const parts: UploadedPart[] = [];
  const md5s: Buffer[] = [];
  let next = 0;
  const putPart = async (at: number) => {
    const start = at * partSize;
    const end = Math.min(sizeBytes, start + partSize);
    const body = await collect(await source.openRange(key, { start, end, fingerprint, signal }), end - start);
    md5s[at] = createHash("md5").update(body).digest();
    parts[at] = await destination.putPart(destinationKey, { uploadId, partNumber: at + 1, body, signal });
  };
  const lane = async () => {
    while (next < total) {
      next += 1;
      await putPart(next - 1);
    }
  };
  const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, total) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    // A part that arrives after the abort could stay for ever: no further one, and the one on its way first.
    next = total;
    await Promise.allSettled(lanes);
    throw error;
  }
  const lengthOf = (at: number) => Math.min(sizeBytes, (at + 1) * partSize) - at * partSize;
  return { parts, md5s, crc32: wholeCrc32(parts, lengthOf) };
}

/** The sum of the whole from those of its parts, in base64. */
function wholeCrc32(parts: readonly UploadedPart[], lengthOf: (at: number) => number): string {
  const sum = Buffer.alloc(4);
  const sums = parts.map(({ crc32 }) => Buffer.from(crc32, "base64").readUInt32BE());
  sum.writeUInt32BE(sums.reduce((whole, part, at) => combineCrc32(whole, part, lengthOf(at)), 0));
  return sum.toString("base64");
}

/** Grows in whole MiB so that the object fits into the 10,000 parts S3 allows. */
export function partSizeOf(sizeBytes: number, wishedBytes: number): number {
  const needed = Math.ceil(sizeBytes / MAX_PARTS);
  return needed <= wishedBytes ? wishedBytes : Math.ceil(needed / MIB) * MIB;
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
