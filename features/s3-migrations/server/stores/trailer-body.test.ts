import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToldSums } from "./object-store";
import { Crc32, trailerBody, trailerLengthBytes } from "./trailer-body";

async function encode(pieces: Buffer[], sizeBytes: number, chunkBytes: number, told: ToldSums = {}): Promise<Buffer> {
  const encoded: Buffer[] = [];
  const options = { sizeBytes, chunkBytes, crc: new Crc32(), md5: createHash("md5"), told };
  for await (const frame of trailerBody(Readable.from(pieces), options)) encoded.push(frame);
  return Buffer.concat(encoded);
}

/** Reads the frames back, as a server does. */
function decode(encoded: Buffer): Buffer {
  const content: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = encoded.indexOf("\r\n", at);
    const size = Number.parseInt(encoded.toString("latin1", at, end), 16);
    if (size === 0) return Buffer.concat(content);
    content.push(encoded.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

describe("trailerBody", () => {
  it("has exactly the announced length and gives the content back, however the source is cut", async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 70 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 40 }), async (cut, chunkBytes) => {
        const source = cut.map((bytes) => Buffer.from(bytes));
        const content = Buffer.concat(source);
        const encoded = await encode(source, content.length, chunkBytes);
        expect(encoded.length).toBe(trailerLengthBytes(content.length, chunkBytes));
        expect(decode(encoded).equals(content)).toBe(true);
      }),
    );
  });

  it("breaks off when the bytes are not those the source tells of, by either sum", async () => {
    const body = (told: { crc32?: string; md5?: string }) =>
      encode([Buffer.from("abc")], 3, 64, told).then((encoded) => decode(encoded).toString());
    const md5 = createHash("md5").update("abc").digest("hex");
    expect(await body({ md5, crc32: "NSRBwg==" })).toBe("abc");
    await expect(body({ md5: md5.replace("9", "8") })).rejects.toMatchObject({ errorClass: "integrity" });
    await expect(body({ crc32: "AAAAAA==" })).rejects.toMatchObject({ errorClass: "integrity" });
  });

  it("breaks off when the source is shorter or longer than declared", async () => {
    await expect(encode([Buffer.from("abc")], 4, 64)).rejects.toMatchObject({ errorClass: "source_changed" });
    await expect(encode([Buffer.from("abc")], 2, 64)).rejects.toMatchObject({ errorClass: "source_changed" });
  });
});
