import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { StoreError } from "../stores/store-error";
import { type Sums, startChecksum } from "../stores/sums-of";
import type { Checksum } from "../stores/told-checksums";
import { Crc32 } from "../stores/trailer-body";

/** The sums of everything a stream gives, and how much that was; `transient` when it breaks off. */
export async function hashStream(
  stream: Readable,
  extras: Iterable<Checksum> = [],
): Promise<Sums & { sizeBytes: number }> {
  const crc = new Crc32();
  const others = [...new Set(extras)].map((name) => ({ name, running: startChecksum(name) }));
  const md5 = createHash("md5");
  let sizeBytes = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      crc.update(piece);
      md5.update(piece);
      for (const { running } of others) running.update(piece);
      sizeBytes += piece.length;
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError({ errorClass: "transient", code: "StreamBroke", message: "The bytes broke off.", cause });
  }
  const told = Object.fromEntries(others.map(({ name, running }) => [name, running.toBase64()]));
  return { ...told, crc32: crc.toBase64(), md5: md5.digest("hex"), sizeBytes };
}
