import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineCrc32 } from "./combine-crc32";

describe("combineCrc32", () => {
  it("is the sum of both pieces put together, whatever their lengths", () => {
    const bytes = fc.uint8Array({ maxLength: 3000 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
      }),
    );
  });

  it("takes lengths beyond 32 bits", () => {
    const half = combineCrc32(crc32("x"), 0, 3 * 2 ** 30);
    expect(combineCrc32(crc32("x"), 0, 6 * 2 ** 30)).toBe(combineCrc32(half, 0, 3 * 2 ** 30));
  });
});
