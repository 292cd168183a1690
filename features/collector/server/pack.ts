import { deflateRawSync, inflateRawSync } from "node:zlib";
import { AppError } from "@/lib/errors";

const PLAIN = 0;
const DEFLATED = 1;
/** Below this, what deflate saves is not worth its 20 µs. */
const MIN_DEFLATE_BYTES = 600;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Packs a fragment's spans for storage: one byte that says how, then the bytes. Repeated attribute names go to a fifth. */
export function pack(spans: Buffer): Buffer {
  if (spans.length < MIN_DEFLATE_BYTES) return Buffer.concat([Buffer.of(PLAIN), spans]);
  return Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(spans, { level: 1, windowBits: 13, memLevel: 7 })]);
}

/** The inverse of {@link pack}. */
export function unpack(packed: Buffer): Buffer {
  const content = packed.subarray(1);
  if (packed[0] === PLAIN) return content;
  if (packed[0] === DEFLATED) return inflateRawSync(content, { maxOutputLength: MAX_UNPACKED_BYTES });
  throw new AppError("internal", "A stored fragment is packed in a way this version does not know.");
}
