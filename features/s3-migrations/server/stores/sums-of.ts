import { createHash } from "node:crypto";
import { hasherFor } from "@/server/local-s3/checksum";
import type { ToldSums } from "./object-store";
import type { Checksum } from "./told-checksums";
import { Crc32 } from "./trailer-body";

/** CRC-32 and MD5 always, others where somebody asked for them. */
export type Sums = ToldSums & { crc32: string; md5: string };

const ALGORITHMS = {
  crc32: "CRC32",
  crc32c: "CRC32C",
  crc64nvme: "CRC64NVME",
  sha1: "SHA1",
  sha256: "SHA256",
} as const satisfies Record<Checksum, string>;

/** A running checksum in the form S3 writes it: big-endian bytes in base64. */
export function startChecksum(name: Checksum): { update: (bytes: Buffer) => void; toBase64: () => string } {
  const hasher = hasherFor(ALGORITHMS[name]);
  return { update: (bytes) => hasher.update(bytes), toBase64: () => hasher.digest().toString("base64") };
}

/** The sums of a buffer: CRC-32 for the server to check, MD5 to compare with a plain ETag, and what else is wanted. */
export function sumsOf(body: Buffer, extra?: Checksum): Sums {
  const crc = new Crc32();
  crc.update(body);
  const sums = { crc32: crc.toBase64(), md5: createHash("md5").update(body).digest("hex") };
  if (extra === undefined) return sums;
  const running = startChecksum(extra);
  running.update(body);
  return { ...sums, [extra]: running.toBase64() };
}
