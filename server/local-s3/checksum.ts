import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { crc32cHasher, crc64nvmeHasher, type Hasher } from "./crc";
import { S3Error } from "./s3-error";

export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** What S3 computes by itself when the client names no algorithm. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

const LENGTH_BYTES = { CRC32: 4, CRC32C: 4, SHA1: 20, SHA256: 32, CRC64NVME: 8 } as const;

function crc32Hasher(): Hasher {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(value >>> 0);
      return out;
    },
  };
}

/** A `node:crypto` hash in the shape of ours. */
export function cryptoHasher(name: "md5" | "sha1" | "sha256"): Hasher {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

const HASHERS: Record<ChecksumAlgorithm, () => Hasher> = {
  CRC32: crc32Hasher,
  CRC32C: crc32cHasher,
  SHA1: () => cryptoHasher("sha1"),
  SHA256: () => cryptoHasher("sha256"),
  CRC64NVME: crc64nvmeHasher,
};

export const hasherFor = (algorithm: ChecksumAlgorithm): Hasher => HASHERS[algorithm]();

/** `x-amz-checksum-crc32` and so on. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

export function parseAlgorithm(text: string | undefined): ChecksumAlgorithm | undefined {
  if (text === undefined) return undefined;
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === text.toUpperCase());
  if (algorithm === undefined) throw new S3Error("InvalidRequest", "Checksum algorithm provided is unsupported.");
  return algorithm;
}

/** Refuses a value that cannot be a digest of this algorithm. */
export function assertChecksumValue(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, "base64");
  if (bytes.length !== LENGTH_BYTES[algorithm] || bytes.toString("base64") !== value)
    throw new S3Error("InvalidRequest", `Value for ${checksumHeader(algorithm)} header is invalid.`);
}

/** A checksum the client promises: in a header now (`value`), or in the trailer after the body. */
export type PromisedChecksum = { algorithm: ChecksumAlgorithm; value?: string };

/** The one checksum a request promises, if any. Several, or one that does not parse, is refused. */
export function promisedChecksum(headers: IncomingHttpHeaders): PromisedChecksum | undefined {
  const given = CHECKSUM_ALGORITHMS.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  const trailer = String(headers["x-amz-trailer"] ?? "").toLowerCase();
  const trailing = CHECKSUM_ALGORITHMS.filter((algorithm) => trailer === checksumHeader(algorithm));
  if (given.length + trailing.length > 1)
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const [inHeader] = given;
  if (inHeader !== undefined) {
    const value = String(headers[checksumHeader(inHeader)]);
    assertChecksumValue(inHeader, value);
    return { algorithm: inHeader, value };
  }
  const [inTrailer] = trailing;
  if (inTrailer !== undefined) return { algorithm: inTrailer };
  if (trailer !== "")
    throw new S3Error("InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
  if (headers["x-amz-sdk-checksum-algorithm"] !== undefined)
    throw new S3Error(
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  return undefined;
}

/** The multipart checksum made of the parts' own: digest of digests, and how many. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, partValues: readonly string[]): string {
  const hasher = hasherFor(algorithm);
  for (const value of partValues) hasher.update(Buffer.from(value, "base64"));
  return `${hasher.digest().toString("base64")}-${partValues.length}`;
}
