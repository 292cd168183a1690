import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createRandom } from "../domain/random";
import { previewImage } from "./preview-image";

type Chunk = { type: string; data: Buffer; isIntact: boolean };

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    const sum = png.readUInt32BE(at + 8 + length);
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4), isIntact: crc32(body) === sum });
    at += 12 + length;
  }
  return chunks;
}

describe("previewImage", () => {
  it("is a PNG every reader accepts: intact chunks in order, and one byte a pixel plus one a row", () => {
    const chunks = chunksOf(previewImage(createRandom(1)));
    expect(chunks.map((chunk) => chunk.type)).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(chunks.every((chunk) => chunk.isIntact)).toBe(true);
    const [header, data] = chunks;
    const width = header?.data.readUInt32BE(0) ?? 0;
    const height = header?.data.readUInt32BE(4) ?? 0;
    expect(inflateSync(data?.data ?? Buffer.alloc(0))).toHaveLength((width + 1) * height);
  });

  it("weighs what CircuitVerse's previews weigh, 5 to 20 kB", () => {
    const random = createRandom(2);
    const sizes = Array.from({ length: 60 }, () => previewImage(random).length);
    expect(Math.min(...sizes)).toBeGreaterThan(3000);
    expect(Math.max(...sizes)).toBeLessThan(22_000);
  });

  it("draws the same picture for the same seed", () => {
    expect(previewImage(createRandom(3)).equals(previewImage(createRandom(3)))).toBe(true);
  });
});
