import { crc32, deflateSync } from "node:zlib";
import type { Random } from "../domain/random";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const GREYSCALE = 0;

/**
 * A real PNG of a made-up circuit: boxes and wires on white, about 5 to 20 kB, like CircuitVerse's project previews.
 * Format: PNG specification (W3C), greyscale, 8 bits, no filter.
 */
export function previewImage(random: Random): Buffer {
  const width = random.int(320, 480);
  const height = random.int(200, 320);
  const pixels = Buffer.alloc((width + 1) * height, 0xff);
  for (let row = 0; row < height; row += 1) pixels[row * (width + 1)] = 0;
  const fill = (left: number, top: number, right: number, bottom: number, shade: number): void => {
    for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1) {
      pixels.fill(shade, y * (width + 1) + 1 + Math.max(0, left), y * (width + 1) + 1 + Math.min(width, right));
    }
  };
  for (let gate = random.int(6, 14); gate > 0; gate -= 1) {
    const left = random.int(0, width - 40);
    const top = random.int(0, height - 30);
    fill(left, top, left + 36, top + 24, 40);
    fill(left + 2, top + 2, left + 34, top + 22, random.int(200, 245));
    fill(left + 36, top + 12, random.int(left + 36, width), top + 13, 90);
  }
  // Anti-aliasing noise, as screenshots have: without it deflate would make every file tiny and alike.
  for (let noise = random.int(1500, 6500); noise > 0; noise -= 1) {
    pixels[random.int(0, height - 1) * (width + 1) + random.int(1, width)] = random.int(0, 255);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, GREYSCALE, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Length, type, data, CRC of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
