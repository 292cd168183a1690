import { randomUUID } from "node:crypto";
import type { DestinationAbilities } from "../../contract";
import { type S3Destination, sumsOf } from "./s3-destination";
import { StoreError } from "./store-error";

const BODY = Buffer.from("probe of ops-console, safe to delete\n");
const WRONG_CRC32 = "AAAAAA==";
const WRONG_MD5 = "AAAAAAAAAAAAAAAAAAAAAA==";

/**
 * Finds out what the destination can do with one small object of ours, removed at the end: some servers ignore what
 * they do not know, and a weaker promise must be known before the first byte. Throws when it cannot be written to.
 */
export async function probeAbilities(destination: S3Destination, signal: AbortSignal): Promise<DestinationAbilities> {
  const key = `_ops-console-probe/${randomUUID()}`;
  const { crc32 } = sumsOf(BODY);
  try {
    const { headers } = await destination.probePut(key, BODY, { "x-amz-checksum-crc32": crc32 }, signal);
    const stored = await destination.head(key, signal);
    return {
      storesChecksum: stored?.crc32 === crc32,
      ifNoneMatch: await isRefused(destination, key, { "if-none-match": "*" }, signal),
      enforcesChecksum: await isRefused(destination, key, { "x-amz-checksum-crc32": WRONG_CRC32 }, signal),
      contentMd5: await isRefused(destination, key, { "content-md5": WRONG_MD5 }, signal),
      clockSkewMs: headers.date === undefined ? 0 : Date.parse(headers.date) - Date.now() || 0,
    };
  } finally {
    // Also when the probe failed midway; what cannot be removed now is a few bytes under its own prefix.
    await destination.deleteProbe(key, AbortSignal.timeout(5000)).catch(() => {});
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
