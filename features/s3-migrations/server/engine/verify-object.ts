import type { MigrationOptions } from "../../domain/plan-spec";
import type { VerifyTier } from "../../domain/states";
import { proofOf } from "../../domain/verify-policy";
import type { S3Destination, StoredObject } from "../stores/s3-destination";
import { isMd5Etag } from "../stores/s3-xml";
import { StoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";
import { hashStream } from "./hash-stream";

type Context = { destination: S3Destination; options: MigrationOptions; signal: AbortSignal };

/**
 * Asks the destination what it holds and says how surely it is ours: its stored CRC-32, else an ETag that matches, else
 * only the size; with `read_back` the bytes themselves, hashed again. Anything else there is `integrity`.
 */
export async function verifyObject(context: Context, object: ChunkObject): Promise<VerifyTier> {
  return (await lookAndVerify(context, object)).tier;
}

/** The same, with what the destination tells of the object beside its bytes. */
export async function lookAndVerify(
  context: Context,
  object: ChunkObject,
): Promise<{ tier: VerifyTier; there: StoredObject }> {
  const there = await context.destination.head(object.destinationKey, context.signal);
  if (there === undefined) throw mismatch("DestinationMissing", "The destination does not have this object any more.");
  return { tier: await verifyBytes(context, object, there), there };
}

async function verifyBytes(
  { destination, options, signal }: Context,
  object: ChunkObject,
  there: StoredObject,
): Promise<VerifyTier> {
  if (there.sizeBytes !== object.sizeBytes) {
    throw mismatch("SizeMismatch", `The destination stores ${there.sizeBytes} bytes, not ${object.sizeBytes}.`);
  }
  if (proofOf(options, object.key) === "read_back") return readBack(destination, object, signal);
  const isWhole = object.crc32 !== null && there.crc32 !== undefined && !there.crc32.includes("-");
  if (isWhole) {
    if (there.crc32 === object.crc32) return "stored";
    throw mismatch("ChecksumMismatch", "The destination stores another checksum than that of the bytes sent.");
  }
  if (there.etag !== object.etag && isMd5Etag(there.etag)) {
    throw mismatch("EtagMismatch", "The destination's object was replaced since it was copied.");
  }
  return there.etag === object.etag && object.tier !== "none" ? object.tier : "size";
}

async function readBack(destination: S3Destination, object: ChunkObject, signal: AbortSignal): Promise<VerifyTier> {
  const { crc32, md5, sizeBytes } = await hashStream(await destination.read(object.destinationKey, signal));
  const isSame = object.crc32 === null ? md5 === object.etag : crc32 === object.crc32;
  if (sizeBytes === object.sizeBytes && isSame) return "read_back";
  // A composite ETag cannot be recomputed from the bytes alone; the parts were acknowledged one by one.
  if (sizeBytes === object.sizeBytes && object.crc32 === null && !isMd5Etag(object.etag ?? "")) return object.tier;
  throw mismatch("BytesMismatch", "The bytes read back are not the bytes sent.");
}

function mismatch(code: string, message: string): StoreError {
  return new StoreError({ errorClass: "integrity", code, message });
}
