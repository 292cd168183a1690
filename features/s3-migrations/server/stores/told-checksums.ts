import type { ToldSums } from "./object-store";

/** Checksums S3 keeps beside an object, the ones hardest to meet by chance first. */
export const CHECKSUMS = ["sha256", "crc64nvme", "sha1", "crc32c", "crc32"] as const;
export type Checksum = (typeof CHECKSUMS)[number];

const LENGTH_BYTES: Record<Checksum, number> = { sha256: 32, crc64nvme: 8, sha1: 20, crc32c: 4, crc32: 4 };

/**
 * The checksums of the whole object that an answer tells. A sum of the sums of parts says nothing about the whole: it is
 * known by its type, by the number of parts behind its value, or by a length that is not the algorithm's.
 */
export function toldChecksums(headers: Readonly<Record<string, string>>): Partial<Record<Checksum, string>> {
  if (headers["x-amz-checksum-type"]?.toUpperCase() === "COMPOSITE") return {};
  const told: Partial<Record<Checksum, string>> = {};
  for (const name of CHECKSUMS) {
    const value = headers[`x-amz-checksum-${name}`];
    if (value === undefined || value.includes("-")) continue;
    if (Buffer.from(value, "base64").length === LENGTH_BYTES[name]) told[name] = value;
  }
  return told;
}

/** By the strongest sum that both tell; `undefined` when they have none in common. */
export function isSameByTold(one: ToldSums, other: ToldSums): boolean | undefined {
  const common = CHECKSUMS.find((name) => one[name] !== undefined && other[name] !== undefined);
  return common === undefined ? undefined : one[common] === other[common];
}

/** What has to be computed beside CRC-32 and MD5 to be held against `told`, where it has neither of these. */
export function extraChecksum(told: ToldSums): Checksum | undefined {
  if (told.crc32 !== undefined || told.md5 !== undefined) return undefined;
  return CHECKSUMS.find((name) => told[name] !== undefined);
}
