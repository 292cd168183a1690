import type { OpenedObject } from "../stores/object-store";
import type { StoredObject } from "../stores/s3-destination";
import { isMd5Etag } from "../stores/s3-xml";
import { StoreError } from "../stores/store-error";
import type { WriteCondition } from "../stores/write-condition";
import type { ChunkObject } from "./chunk-repository";
import type { Copied, CopyContext } from "./copy-context";
import { copyPartsOnServer } from "./copy-parts-on-server";
import { type SentHeaders, toKept } from "./sent-headers";

/** Below this, a request with the bytes costs no more than the two that a copy on the server takes. */
export const SERVER_COPY_BYTES = 1024 * 1024;
/** Servers that were asked and cannot, or may not: asked once per worker and store. */
const refusing = new WeakSet<object>();
/** The same for copies in parts: whoever cannot do these may well do the others. */
const refusingParts = new WeakSet<object>();
const REFUSALS: ReadonlySet<string> = new Set(["auth", "unsupported", "bug", "config", "too_large"]);
/** Objects in a row that may not be copied there: one may be refused alone, so many mean the right to copy at all. */
const MAX_DENIED = 5;
const denied = new WeakMap<object, number>();

/** Whether the server may be asked to copy this object itself, and the result could be proven without its bytes. */
export function isForServer(
  { source, destination, options, serverCopyBytes }: CopyContext,
  opened: OpenedObject,
  condition: WriteCondition,
): boolean {
  const { sizeBytes, told, fingerprint } = opened;
  const isInParts = sizeBytes > serverCopyBytes;
  return (
    // What replaces an object of ours does so under a condition that few servers know of a copy.
    typeof condition === "string" &&
    options.serverCopy === "auto" &&
    sizeBytes >= SERVER_COPY_BYTES &&
    fingerprint !== "" &&
    source.onServer !== undefined &&
    source.onServer.identity === destination.identity &&
    !refusing.has(destination) &&
    // The ETag of parts is no MD5 of the whole.
    (isInParts ? told.crc32 !== undefined : told.crc32 !== undefined || told.md5 !== undefined) &&
    !(isInParts && refusingParts.has(destination))
  );
}

/**
 * Copies on the server, without the bytes coming by here, and proves it by the checksum both sides tell. `undefined`:
 * the server cannot or may not, or tells nothing that proves it; then the bytes have to come by.
 */
export async function copyOnServer(
  context: CopyContext,
  object: ChunkObject,
  { opened, condition, sent }: Asked,
): Promise<Copied | undefined> {
  const { destination, signal } = context;
  const { sizeBytes, fingerprint, told } = opened;
  const key = object.destinationKey;
  // Not every server knows conditions of a copy that honours those of a PUT: what is there is looked for as well.
  if (condition === "absent" && (await destination.head(key, signal)) !== undefined) throw taken();
  const copied = await askForCopy(context, object, { opened, condition, sent });
  if (copied === undefined) return undefined;
  const { etag } = copied;
  const proof = proofOfCopy(told, await destination.head(key, signal), copied);
  // The next try has the bytes come by.
  if (proof === undefined) (opened.sizeBytes > context.serverCopyBytes ? refusingParts : refusing).add(destination);
  if (proof === undefined) throw wrong("Nothing the destination tells of the copy proves it.", etag);
  return { state: "copied", ...proof, sizeBytes, fingerprint, etag, kept: toKept(sent) };
}

/** `partsCrc32`: the sum of the whole from those the server told of parts it copied. */
type Made = { etag: string; partsCrc32?: string | undefined };
type Asked = { opened: OpenedObject; condition: WriteCondition; sent: SentHeaders };

/** What the server tells of the copy; `undefined` when it cannot or may not make one. */
async function askForCopy(context: CopyContext, object: ChunkObject, asked: Asked): Promise<Made | undefined> {
  const { source, destination, serverCopyBytes, signal } = context;
  const { opened, condition, sent } = asked;
  const key = object.destinationKey;
  const from = source.onServer?.copySource(object.key) ?? "";
  const { fingerprint, sizeBytes } = opened;
  const isInParts = sizeBytes > serverCopyBytes;
  try {
    const made: Made = isInParts
      ? await copyPartsOnServer(context, object, { ...asked, from })
      : await destination.copyFrom(key, { from, fingerprint, metadata: sent.headers, condition, signal });
    denied.delete(destination);
    return made;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.errorClass === "denied") return noteDenied(destination);
    // A 412 may be of either condition: the source that changed is seen when its bytes are read.
    if (error.errorClass === "conflict" && (await destination.head(key, signal)) === undefined) return undefined;
    if (!REFUSALS.has(error.errorClass)) throw error;
    (isInParts ? refusingParts : refusing).add(destination);
    return undefined;
  }
}

/** The bytes are tried for this object; the server is asked no more once it has refused so many in a row. */
function noteDenied(destination: object): undefined {
  const inARow = (denied.get(destination) ?? 0) + 1;
  denied.set(destination, inARow);
  if (inARow >= MAX_DENIED) refusing.add(destination);
}

/** By the strongest sum both sides tell; throws when they deny each other. */
function proofOfCopy(
  told: OpenedObject["told"],
  there: StoredObject | undefined,
  { etag, partsCrc32 }: Made,
): Pick<Copied, "tier" | "crc32"> | undefined {
  if (there?.etag !== etag) throw wrong("The destination holds another object than the one it said it copied.", etag);
  const stored = there.crc32?.includes("-") ? undefined : there.crc32;
  if (told.crc32 !== undefined && stored !== undefined) {
    if (told.crc32 === stored) return { tier: "stored", crc32: stored };
    throw wrong("The server copied other bytes than it tells of the source.", etag);
  }
  if (told.crc32 !== undefined && partsCrc32 !== undefined) {
    if (told.crc32 === partsCrc32) return { tier: "acknowledged", crc32: partsCrc32 };
    throw wrong("The server copied other parts than it tells of the source.", etag);
  }
  if (told.md5 === undefined || !isMd5Etag(etag)) return undefined;
  if (told.md5 === etag) return { tier: "acknowledged", crc32: told.crc32 ?? stored ?? null };
  throw wrong("The server copied other bytes than it tells of the source.", etag);
}

function taken(): StoreError {
  return new StoreError({
    errorClass: "conflict",
    code: "KeyExists",
    message: "The destination has this key already.",
  });
}

function wrong(message: string, writtenEtag: string): StoreError {
  return new StoreError({ errorClass: "integrity", code: "ServerCopyDiffers", message, writtenEtag });
}
