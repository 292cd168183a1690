import type { Hash } from "node:crypto";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { ToldSums } from "./object-store";
import { refuseDamage } from "./refuse-damage";
import { StoreError } from "./store-error";
import type { Checksum } from "./told-checksums";

/** Framing of `aws-chunked` streams: every chunk but the last has this many bytes, so the length is known beforehand. */
export const TRAILER_CHUNK_BYTES = 256 * 1024;
const TRAILER_NAME = "x-amz-checksum-crc32:";
const CRLF = 2;
const CRC_BASE64_CHARS = 8;

/** A running CRC-32 in the form S3 writes it: big-endian bytes in base64. */
export class Crc32 {
  #value = 0;

  update(bytes: Buffer): void {
    this.#value = crc32(bytes, this.#value);
  }

  toBase64(): string {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(this.#value >>> 0);
    return bytes.toString("base64");
  }
}

/** Exact length on the wire of {@link trailerBody} for `sizeBytes` of content. */
export function trailerLengthBytes(sizeBytes: number, chunkBytes = TRAILER_CHUNK_BYTES): number {
  const full = Math.floor(sizeBytes / chunkBytes);
  const rest = sizeBytes % chunkBytes;
  const frame = (bytes: number) => bytes.toString(16).length + CRLF + bytes + CRLF;
  const content = full * frame(chunkBytes) + (rest > 0 ? frame(rest) : 0);
  return content + "0".length + CRLF + TRAILER_NAME.length + CRC_BASE64_CHARS + CRLF + CRLF;
}

/**
 * The source in `aws-chunked` frames, its CRC-32 as the trailer. A source that ends early or runs over is
 * `source_changed`, other bytes than `told` are `integrity`: the request breaks off instead of storing them.
 */
export async function* trailerBody(
  source: Readable,
  {
    sizeBytes,
    chunkBytes,
    crc,
    md5,
    told = {},
    extra,
  }: {
    sizeBytes: number;
    chunkBytes: number;
    crc: Crc32;
    md5?: Hash | undefined;
    told?: ToldSums;
    /** A sum that is told where no CRC-32 and no MD5 is. */
    extra?: { name: Checksum; update: (bytes: Buffer) => void; toBase64: () => string } | undefined;
  },
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let total = 0;
  for await (const piece of source as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > sizeBytes) throw changedLength();
    crc.update(piece);
    md5?.update(piece);
    extra?.update(piece);
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < chunkBytes) continue;
    let ready = joined(held, heldBytes);
    for (; ready.length >= chunkBytes; ready = ready.subarray(chunkBytes)) yield* framed(ready.subarray(0, chunkBytes));
    held = ready.length === 0 ? [] : [ready];
    heldBytes = ready.length;
  }
  if (total !== sizeBytes) throw changedLength();
  refuseDamage(told, {
    crc32: crc.toBase64(),
    ...(extra === undefined ? {} : { [extra.name]: extra.toBase64() }),
    ...(told.md5 === undefined || md5 === undefined ? {} : { md5: md5.copy().digest("hex") }),
  });
  if (heldBytes > 0) yield* framed(joined(held, heldBytes));
  yield Buffer.from(`0\r\n${TRAILER_NAME}${crc.toBase64()}\r\n\r\n`);
}

const END = Buffer.from("\r\n");

/** The bytes are given on as they are: copying them twice took a sixth of what a large object costs. */
function* framed(bytes: Buffer): Generator<Buffer> {
  yield Buffer.from(`${bytes.length.toString(16)}\r\n`);
  yield bytes;
  yield END;
}

const joined = (pieces: Buffer[], length: number): Buffer =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, length);

function changedLength(): StoreError {
  return new StoreError({
    errorClass: "source_changed",
    code: "SourceChanged",
    message: "The source ended before or after its declared size.",
  });
}
