import { proofOf } from "../../domain/verify-policy";
import type { PutResult } from "../stores/acknowledged";
import type { OpenedObject } from "../stores/object-store";
import { refuseDamage } from "../stores/refuse-damage";
import { isMd5Etag } from "../stores/s3-xml";
import { StoreError, toStoreError } from "../stores/store-error";
import { type Sums, sumsOf } from "../stores/sums-of";
import { extraChecksum } from "../stores/told-checksums";
import type { WriteCondition } from "../stores/write-condition";
import { asExpected } from "./as-expected";
import type { ChunkObject } from "./chunk-repository";
import { compareBytes } from "./compare-bytes";
import type { Copied, CopyContext } from "./copy-context";
import { copyInParts } from "./copy-in-parts";
import { copyOnServer, isForServer, SERVER_COPY_BYTES } from "./copy-on-server";
import { readHead, type SentHeaders, sentHeaders, toKept } from "./sent-headers";

/** Held in one buffer up to here: one read, one hash, one write. */
export const BUFFERED_BYTES = 16 * 1024 * 1024;

/**
 * Copies one object, or finds it there already with the same bytes. Replaces only what this migration itself stored:
 * anything else with other bytes is a `conflict`. Doing it twice has the effect of doing it once. Throws StoreError.
 */
export async function copyObject(context: CopyContext, listed: ChunkObject): Promise<Copied> {
  const { source, destination, signal } = context;
  const object = await asItIsNow(context, listed);
  const condition = await conditionFor(context, object);
  if (condition === undefined) return compareWithStored(context, object);
  try {
    const mayBeOnServer = object.sizeBytes >= SERVER_COPY_BYTES && source.onServer?.identity === destination.identity;
    const isSmall = object.sizeBytes <= Math.min(BUFFERED_BYTES, context.options.multipartThresholdBytes);
    if (isSmall && !mayBeOnServer) return await copyBuffered(context, object, condition);
    const opened = asExpected(object, await source.stat(object.key, { fingerprint: object.fingerprint, signal }));
    if (isForServer(context, opened, condition)) {
      const sent = await headersOf(context, object, opened);
      const copied = await copyOnServer(context, object, { opened, condition, sent });
      if (copied !== undefined) return copied;
    }
    if (isSmall) return await copyBuffered(context, object, condition);
    return opened.sizeBytes > context.options.multipartThresholdBytes
      ? await copyInParts(context, object, { opened, condition, sent: await headersOf(context, object, opened) })
      : await copyStreamed(context, object, opened, condition);
  } catch (error) {
    // Also after a lost acknowledgement: the object that is in the way may well be ours.
    if (error instanceof StoreError && error.errorClass === "conflict") return compareWithStored(context, object);
    throw error;
  }
}

/** One that changed since it was listed is taken as it is now: its old size says nothing about how to read it. */
async function asItIsNow({ source, signal }: CopyContext, listed: ChunkObject): Promise<ChunkObject> {
  if (listed.fingerprint !== "") return listed;
  const { sizeBytes, fingerprint } = await source.stat(listed.key, { fingerprint: "", signal });
  return { ...listed, sizeBytes, fingerprint };
}

/**
 * When the write may happen; `undefined` when something of somebody else's is there. An ETag on record before the copy
 * means that this migration stored that object and then found it wrong: it alone is replaced, while it is still there.
 */
async function conditionFor(context: CopyContext, object: ChunkObject): Promise<WriteCondition | undefined> {
  const { destination, canRefuseOverwrite, signal } = context;
  if (canRefuseOverwrite && object.etag === null) return "absent";
  const there = await destination.head(object.destinationKey, signal);
  if (there === undefined) return canRefuseOverwrite ? "absent" : "any";
  if (object.etag === null || there.etag !== object.etag) return undefined;
  return canRefuseOverwrite ? { etag: object.etag } : "any";
}

async function copyBuffered(context: CopyContext, object: ChunkObject, condition: WriteCondition): Promise<Copied> {
  const { source, destination, signal } = context;
  const read = await source.read(object.key, { fingerprint: object.fingerprint, signal });
  const opened = asExpected(object, read);
  const { body, sizeBytes, fingerprint, told } = opened;
  if (sizeBytes !== object.sizeBytes) throw cutShort(sizeBytes, object.sizeBytes);
  const sums = sumsOf(body, extraChecksum(told));
  refuseDamage(told, sums);
  const sent = await sentHeaders(context, { key: object.key, opened, head: body });
  const metadata = sent.headers;
  const put = await destination.put(object.destinationKey, body, { metadata, condition, signal }, sums);
  refuseOtherBytes(put, sums);
  return toCopied(put, { sizeBytes, fingerprint }, sent);
}

/** A plain ETag that is not the MD5 of what we sent: the server stored something else (or encrypts; then no MD5). */
function refuseOtherBytes(put: PutResult, sums: Sums): void {
  if (put.isAcknowledged || !isMd5Etag(put.etag) || put.etag === sums.md5) return;
  throw new StoreError({
    errorClass: "integrity",
    code: "EtagMismatch",
    message: "The destination's ETag is not the MD5 of the bytes sent.",
    writtenEtag: put.etag,
  });
}

async function copyStreamed(
  context: CopyContext,
  object: ChunkObject,
  opened: OpenedObject,
  condition: WriteCondition,
): Promise<Copied> {
  const { source, destination, signal } = context;
  const { sizeBytes, fingerprint, told } = opened;
  const sent = await headersOf(context, object, opened);
  const stream = await source.openRange(object.key, { start: 0, end: sizeBytes, fingerprint, signal });
  const put = await destination.putStream(object.destinationKey, stream, {
    metadata: sent.headers,
    condition,
    signal,
    sizeBytes,
    told,
  });
  try {
    await source.stat(object.key, { fingerprint, signal });
  } catch (cause) {
    throw toStoreError(cause).afterWriting(put.etag);
  }
  return toCopied(put, { sizeBytes, fingerprint }, sent);
}

/** Of an object that is not in memory: its first bytes are read for it alone. */
async function headersOf(context: CopyContext, { key }: ChunkObject, opened: OpenedObject): Promise<SentHeaders> {
  const head = await readHead(context, { key, ...opened });
  return sentHeaders(context, { key, opened, head });
}

function toCopied(
  put: PutResult,
  { sizeBytes, fingerprint }: { sizeBytes: number; fingerprint: string },
  sent: SentHeaders,
): Copied {
  return {
    state: "copied",
    tier: put.isAcknowledged ? "acknowledged" : "none",
    sizeBytes,
    fingerprint,
    crc32: put.crc32,
    etag: put.etag,
    kept: toKept(sent),
  };
}

/** Something has this key already. Same bytes by the strongest sum both sides know: done. Otherwise: a conflict. */
async function compareWithStored(context: CopyContext, object: ChunkObject): Promise<Copied> {
  const { source, destination, signal } = context;
  const [there, opened] = await Promise.all([
    destination.head(object.destinationKey, signal),
    source.stat(object.key, { fingerprint: object.fingerprint, signal }),
  ]);
  const here = asExpected(object, opened);
  if (there === undefined) throw vanished();
  if (there.sizeBytes !== here.sizeBytes) throw conflict(`there are ${there.sizeBytes} bytes, not ${here.sizeBytes}`);
  const { isSame, tier, crc32 } = await compareBytes(context, object, {
    ...{ here, there, isReadBack: false },
    // Whoever reads it back later has to know what to hold it against.
    wantsCrc32: proofOf(context.options, object.key) === "read_back",
  });
  if (!isSame) throw conflict("it has other bytes");
  const { sizeBytes, fingerprint } = here;
  const kept = toKept(await headersOf(context, object, here));
  return { state: "skipped_identical", tier, sizeBytes, fingerprint, crc32, etag: there.etag, kept };
}

function conflict(how: string): StoreError {
  return new StoreError({
    errorClass: "conflict",
    code: "KeyExists",
    message: `The destination has this key already and ${how}.`,
  });
}

/** Without a length of its own an answer may end early and look whole. */
function cutShort(sizeBytes: number, listedBytes: number): StoreError {
  return new StoreError({
    errorClass: "transient",
    code: "TruncatedBody",
    message: `The source gave ${sizeBytes} of ${listedBytes} bytes.`,
  });
}

function vanished(): StoreError {
  return new StoreError({
    errorClass: "transient",
    code: "KeyVanished",
    message: "The destination had this key a moment ago and has it no more.",
  });
}
