import { randomUUID } from "node:crypto";
import type { DestinationAbilities } from "../../contract";
import { type KeepAbilities, type KeepPolicy, needsOf } from "../../domain/keep-policy";
import type { S3Destination } from "./s3-destination";
import { StoreError } from "./store-error";
import { sumsOf } from "./sums-of";

const BODY = Buffer.from("probe of ops-console, safe to delete\n");
const PROBE_CLASS = "STANDARD_IA";
const WRONG_CRC32 = "AAAAAA==";
const WRONG_MD5 = "AAAAAAAAAAAAAAAAAAAAAA==";

/**
 * Finds out what the destination can do with one small object of ours, removed at the end: some servers ignore what
 * they do not know, and a weaker promise must be known before the first byte. Throws when it cannot be written to. Under
 * the same `name`, whoever probes after a worker was killed removes what that one left.
 */
export async function probeAbilities(
  destination: S3Destination,
  keep: KeepPolicy,
  { signal, name = randomUUID() }: { signal: AbortSignal; name?: string },
): Promise<DestinationAbilities> {
  const key = `_ops-console-probe/${name}`;
  const { crc32 } = sumsOf(BODY);
  try {
    const { headers } = await destination.probePut(key, BODY, { "x-amz-checksum-crc32": crc32 }, signal);
    const stored = await destination.head(key, signal);
    return {
      storesChecksum: stored?.crc32 === crc32,
      ifNoneMatch: await isRefused(destination, key, { "if-none-match": "*" }, signal),
      enforcesChecksum: await isRefused(destination, key, { "x-amz-checksum-crc32": WRONG_CRC32 }, signal),
      contentMd5: await isRefused(destination, key, { "content-md5": WRONG_MD5 }, signal),
      ...(await probeKept(destination, `${key}-kept`, keep, signal)),
      clockSkewMs: headers.date === undefined ? 0 : Date.parse(headers.date) - Date.now() || 0,
    };
  } finally {
    // Also when the probe failed midway; what cannot be removed now is a few bytes under its own prefix.
    await destination.deleteProbe(key, AbortSignal.timeout(5000)).catch(() => {});
  }
}

/** What only some plans want kept: written with a probe object of its own, then asked for. */
async function probeKept(
  destination: S3Destination,
  key: string,
  keep: KeepPolicy,
  signal: AbortSignal,
): Promise<KeepAbilities> {
  const needs = needsOf(keep);
  const storageClass = keep.storageClass === "keep" ? PROBE_CLASS : keep.storageClass;
  try {
    return {
      ...(needs.tags ? { keepsTags: await keepsTags(destination, key, signal) } : {}),
      ...(needs.grants ? { keepsGrants: await keepsGrants(destination, key, keep, signal) } : {}),
      ...(needs.storageClass ? { keepsStorageClass: await keepsClass(destination, key, storageClass, signal) } : {}),
    };
  } finally {
    // As above: what cannot be removed now is a few bytes under its own prefix.
    await destination.deleteProbe(key, AbortSignal.timeout(5000)).catch(() => {});
  }
}

function keepsTags(destination: S3Destination, key: string, signal: AbortSignal): Promise<boolean> {
  return isAble(async () => {
    await destination.probePut(key, BODY, { "x-amz-tagging": "probe=a%20b" }, signal);
    const { tags } = await destination.extras(key, { tags: true, grants: false }, signal);
    return tags.length === 1 && tags[0]?.[0] === "probe" && tags[0][1] === "a b";
  });
}

/** Grants that are kept are read back; for those of the bucket's owner it is enough that they are taken. */
function keepsGrants(
  destination: S3Destination,
  key: string,
  { acl }: KeepPolicy,
  signal: AbortSignal,
): Promise<boolean> {
  return isAble(async () => {
    if (acl === "bucket_owner_full") {
      await destination.probePut(key, BODY, { "x-amz-acl": "bucket-owner-full-control" }, signal);
      return true;
    }
    await destination.probePut(key, BODY, {}, signal);
    await destination.extras(key, { tags: false, grants: true }, signal);
    return true;
  });
}

function keepsClass(destination: S3Destination, key: string, name: string, signal: AbortSignal): Promise<boolean> {
  if (name === "STANDARD") return Promise.resolve(true);
  return isAble(async () => {
    await destination.probePut(key, BODY, { "x-amz-storage-class": name }, signal);
    return (await destination.head(key, signal))?.storageClass === name;
  });
}

/** False when the server refuses; unreachable or forbidden as a whole is neither yes nor no: it throws. */
async function isAble(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const status = error.httpStatus ?? 0;
    if (error.errorClass === "unsupported" || (status >= 400 && status < 500) || status === 501) return false;
    throw error;
  }
}

/** True when the server refuses a request it has to refuse. Unreachable or forbidden is neither yes nor no: it throws. */
async function isRefused(
  destination: S3Destination,
  key: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await destination.probePut(key, BODY, headers, signal);
    return false;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.errorClass === "conflict" || error.errorClass === "integrity") return true;
    if (error.errorClass === "unsupported" || error.httpStatus === 400) return error.errorClass !== "unsupported";
    throw error;
  }
}
