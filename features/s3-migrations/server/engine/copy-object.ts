import type { ObjectMetadata } from "../stores/object-store";
import { isMd5Etag, type PutResult, type Sums, sumsOf } from "../stores/s3-destination";
import { StoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";
import type { Copied, CopyContext } from "./copy-context";
import { copyInParts } from "./copy-in-parts";
import { hashStream } from "./hash-stream";

/** Held in one buffer up to here: one read, one hash, one write. */
export const BUFFERED_BYTES = 16 * 1024 * 1024;

/**
 * Copies one object, or finds it there already with the same bytes. Never overwrites: the same key with other bytes is
 * a `conflict`. Doing it twice has the effect of doing it once. Throws StoreError.
 */
export async function copyObject(context: CopyContext, object: ChunkObject): Promise<Copied> {
  const { source, destination, signal } = context;
  if (!context.canRefuseOverwrite) {
    const there = await destination.head(object.key, signal);
    if (there !== undefined) return compareWithStored(context, object);
  }
  try {
    if (object.sizeBytes <= BUFFERED_BYTES) return await copyBuffered(context, object);
    const { metadata, sizeBytes, fingerprint } = await source.stat(object.key, {
      fingerprint: object.fingerprint,
      signal,
    });
    const opened = { metadata, sizeBytes, fingerprint };
    return sizeBytes > context.options.multipartThresholdBytes
      ? await copyInParts(context, object, opened)
      : await copyStreamed(context, object, opened);
  } catch (error) {
    // Also after a lost acknowledgement: the object that is in the way may well be ours.
    if (error instanceof StoreError && error.errorClass === "conflict") return compareWithStored(context, object);
    throw error;
  }
}

async function copyBuffered(context: CopyContext, object: ChunkObject): Promise<Copied> {
  const { source, destination, canRefuseOverwrite: ifNoneMatch, signal } = context;
  const { body, metadata, sizeBytes, fingerprint } = await source.read(object.key, {
    fingerprint: object.fingerprint,
    signal,
  });
  const sums = sumsOf(body);
  const put = await destination.put(object.key, body, { metadata, ifNoneMatch, signal }, sums);
  refuseOtherBytes(put, sums);
  return toCopied(put, sizeBytes, fingerprint);
}

/** A plain ETag that is not the MD5 of what we sent: the server stored something else (or encrypts; then no MD5). */
function refuseOtherBytes(put: PutResult, sums: Sums): void {
  if (put.isAcknowledged || !isMd5Etag(put.etag) || put.etag === sums.md5) return;
  throw new StoreError({
    errorClass: "integrity",
    code: "EtagMismatch",
    message: "The destination's ETag is not the MD5 of the bytes sent.",
  });
}

type Opened = { metadata: ObjectMetadata; sizeBytes: number; fingerprint: string };

async function copyStreamed(context: CopyContext, object: ChunkObject, opened: Opened): Promise<Copied> {
  const { source, destination, canRefuseOverwrite: ifNoneMatch, signal } = context;
  const { metadata, sizeBytes, fingerprint } = opened;
  const stream = await source.openRange(object.key, { start: 0, end: sizeBytes, fingerprint, signal });
  const put = await destination.putStream(object.key, stream, { metadata, ifNoneMatch, signal, sizeBytes });
  await source.stat(object.key, { fingerprint, signal });
  return toCopied(put, sizeBytes, fingerprint);
}

function toCopied(put: PutResult, sizeBytes: number, fingerprint: string): Copied {
  return {
    state: "copied",
    tier: put.isAcknowledged ? "acknowledged" : "none",
    sizeBytes,
    fingerprint,
    crc32: put.crc32,
    etag: put.etag,
  };
}

/** Something has this key already. Same bytes by the strongest sum both sides know: done. Otherwise: a conflict. */
async function compareWithStored(context: CopyContext, object: ChunkObject): Promise<Copied> {
  const { source, destination, signal } = context;
  const [there, here] = await Promise.all([
    destination.head(object.key, signal),
    source.stat(object.key, { fingerprint: object.fingerprint, signal }),
  ]);
  if (there === undefined) throw vanished();
  if (there.sizeBytes !== here.sizeBytes) throw conflict(`there are ${there.sizeBytes} bytes, not ${here.sizeBytes}`);
  const read = () =>
    source.openRange(object.key, { start: 0, end: here.sizeBytes, fingerprint: here.fingerprint, signal });
  const ours = here.sizeBytes === 0 ? sumsOf(Buffer.alloc(0)) : await hashStream(await read());
  const found = { sizeBytes: here.sizeBytes, fingerprint: here.fingerprint, crc32: ours.crc32, etag: there.etag };
  const state = "skipped_identical" as const;
  if (there.crc32 === ours.crc32) return { ...found, state, tier: "stored" };
  if (there.etag === ours.md5) return { ...found, state, tier: "acknowledged" };
  const stored = await hashStream(await destination.read(object.key, signal));
  if (stored.crc32 !== ours.crc32 || stored.md5 !== ours.md5) throw conflict("it has other bytes");
  return { ...found, state, tier: "read_back" };
}

function conflict(how: string): StoreError {
  return new StoreError({
    errorClass: "conflict",
    code: "KeyExists",
    message: `The destination has this key already and ${how}.`,
  });
}

function vanished(): StoreError {
  return new StoreError({
    errorClass: "transient",
    code: "KeyVanished",
    message: "The destination had this key a moment ago and has it no more.",
  });
}
