import { MAX_PART_BYTES } from "../../domain/part-size";
import type { OpenedObject } from "../stores/object-store";
import type { StoredObject } from "../stores/s3-destination";
import { isMd5Etag } from "../stores/s3-xml";
import { StoreError } from "../stores/store-error";
import type { WriteCondition } from "../stores/write-condition";
import type { ChunkObject } from "./chunk-repository";
import type { Copied, CopyContext } from "./copy-context";
import { type SentHeaders, toKept } from "./sent-headers";

/** Below this, a request with the bytes costs no more than the two that a copy on the server takes. */
export const SERVER_COPY_BYTES = 1024 * 1024;
/** Servers that were asked and cannot, or may not: asked once per worker and store. */
const refusing = new WeakSet<object>();
const REFUSALS: ReadonlySet<string> = new Set(["auth", "unsupported", "bug", "config", "too_large"]);

/** Whether the server may be asked to copy this object itself, and the result could be proven without its bytes. */
export function isForServer(
  { source, destination, options }: CopyContext,
  opened: OpenedObject,
  condition: WriteCondition,
): boolean {
  const { sizeBytes, told, fingerprint } = opened;
  return (
    // What replaces an object of ours does so under a condition that few servers know of a copy.
    typeof condition === "string" &&
    options.serverCopy === "auto" &&
    sizeBytes >= SERVER_COPY_BYTES &&
    sizeBytes <= MAX_PART_BYTES &&
    fingerprint !== "" &&
    source.onServer !== undefined &&
    source.onServer.identity === destination.identity &&
    !refusing.has(destination) &&
    (told.crc32 !== undefined || told.md5 !== undefined)
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
  const etag = await askForCopy(context, object, { opened, condition, sent });
  if (etag === undefined) return undefined;
  const proof = proofOfCopy(told, await destination.head(key, signal), etag);
  // The next try has the bytes come by.
  if (proof === undefined) refusing.add(destination);
  if (proof === undefined) throw wrong("Nothing the destination tells of the copy proves it.", etag);
  return { state: "copied", ...proof, sizeBytes, fingerprint, etag, kept: toKept(sent) };
}

type Asked = { opened: OpenedObject; condition: WriteCondition; sent: SentHeaders };

/** The ETag of the copy; `undefined` when the server cannot or may not make one. */
async function askForCopy(
  { source, destination, signal }: CopyContext,
  object: ChunkObject,
  { opened, condition, sent }: Asked,
): Promise<string | undefined> {
  const key = object.destinationKey;
  const from = source.onServer?.copySource(object.key) ?? "";
  const { fingerprint } = opened;
  try {
    const asked = { from, fingerprint, metadata: sent.headers, condition, signal };
    return (await destination.copyFrom(key, asked)).etag;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // A 412 may be of either condition: the source that changed is seen when its bytes are read.
    if (error.errorClass === "conflict" && (await destination.head(key, signal)) === undefined) return undefined;
    if (!REFUSALS.has(error.errorClass)) throw error;
    refusing.add(destination);
    return undefined;
  }
}

/** By the strongest sum both sides tell; throws when they deny each other. */
function proofOfCopy(
  told: OpenedObject["told"],
  there: StoredObject | undefined,
  etag: string,
): Pick<Copied, "tier" | "crc32"> | undefined {
  if (there?.etag !== etag) throw wrong("The destination holds another object than the one it said it copied.", etag);
  const stored = there.crc32?.includes("-") ? undefined : there.crc32;
  if (told.crc32 !== undefined && stored !== undefined) {
    if (told.crc32 === stored) return { tier: "stored", crc32: stored };
    throw wrong("The server copied other bytes than it tells of the source.", etag);
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
