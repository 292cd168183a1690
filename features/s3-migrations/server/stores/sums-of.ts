import { createHash } from "node:crypto";
import { Crc32 } from "./trailer-body";

export type Sums = { crc32: string; md5: string };

/** Both sums of a buffer: CRC-32 for the server to check, MD5 to compare with a plain ETag. */
export function sumsOf(body: Buffer): Sums {
  const crc = new Crc32();
  crc.update(body);
  return { crc32: crc.toBase64(), md5: createHash("md5").update(body).digest("hex") };
}
