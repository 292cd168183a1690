import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, partSizeOf, partsOf } from "./part-size";

const MIB = 1024 * 1024;

describe("the size of parts", () => {
  it("is one S3 takes for every object it can hold", () => {
    const size = fc.oneof(fc.integer({ min: 0, max: MAX_OBJECT_BYTES }), fc.integer({ min: 0, max: 100 * MIB }));
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 6 * 1024 * MIB }), (sizeBytes, wished) => {
        const partBytes = partSizeOf(sizeBytes, wished) ?? 0;
        expect(partBytes).toBeGreaterThanOrEqual(MIN_PART_BYTES);
        expect(partBytes).toBeLessThanOrEqual(MAX_PART_BYTES);
        expect(Math.ceil(sizeBytes / partBytes)).toBeLessThanOrEqual(MAX_PARTS);
      }),
    );
  });

  it("is what was wished where that fits, and grows by whole MiB where it does not", () => {
    expect(partSizeOf(0, 32 * MIB)).toBe(32 * MIB);
    expect(partSizeOf(5 * MIB - 1, 1)).toBe(5 * MIB);
    expect(partSizeOf(320_000 * MIB, 32 * MIB)).toBe(32 * MIB);
    expect(partSizeOf(320_000 * MIB + 1, 32 * MIB)).toBe(33 * MIB);
    expect(partSizeOf(MAX_OBJECT_BYTES, 32 * MIB)).toBe(525 * MIB);
    expect(partSizeOf(MAX_OBJECT_BYTES + 1, 32 * MIB)).toBeUndefined();
  });

  it("cuts an object without a gap or an overlap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 }), (sizeBytes, partBytes) => {
        const parts = partsOf(sizeBytes, partBytes);
        expect(parts[0]?.start).toBe(0);
        expect(parts.at(-1)?.end).toBe(sizeBytes);
        parts.forEach(({ partNumber, start, end }, at) => {
          expect(partNumber).toBe(at + 1);
          if (at > 0) expect(start).toBe(parts[at - 1]?.end);
          if (at < parts.length - 1) expect(end - start).toBe(partBytes);
        });
      }),
    );
  });

  it("holds around the borders: nothing, 5 MiB and 5 GiB, one byte less and more, more than 10,000 parts", () => {
    for (const whole of [0, 5 * MIB, 5 * 1024 * MIB, 60_000 * MIB]) {
      for (const sizeBytes of [whole - 1, whole, whole + 1].filter((size) => size >= 0)) {
        const parts = partsOf(sizeBytes, partSizeOf(sizeBytes, 5 * MIB) ?? 0);
        expect(parts.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(sizeBytes);
        expect(parts.length).toBeLessThanOrEqual(MAX_PARTS);
        for (const { start, end } of parts.slice(0, -1)) expect(end - start).toBeGreaterThanOrEqual(MIN_PART_BYTES);
      }
    }
  });
});
