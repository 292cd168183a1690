import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofOf } from "./verify-policy";

const KEYS = Array.from({ length: 20_000 }, (_, at) => `uploads/project/image_preview/${at}/preview_${at}.png`);
const drawn = (share: number, seed: number) =>
  KEYS.filter((key) => proofOf({ verify: "sample", verifySample: { share, seed } }, key) === "read_back");

describe("proofOf", () => {
  it("draws about the share that is asked for, for any seed", () => {
    for (const share of [0, 0.01, 0.1, 0.5, 1]) {
      for (const seed of [0, 1, 7, 2026]) {
        const part = drawn(share, seed).length / KEYS.length;
        expect(Math.abs(part - share), `${share}, seed ${seed}`).toBeLessThan(0.01);
      }
    }
  });

  it("draws the same objects each time, and others for another seed", () => {
    expect(drawn(0.05, 3)).toEqual(drawn(0.05, 3));
    const [one, other] = [new Set(drawn(0.05, 3)), drawn(0.05, 4)];
    expect(other.filter((key) => one.has(key)).length / other.length).toBeLessThan(0.15);
  });

  it("takes a larger share as the smaller one and more, so that raising it proves nothing twice in vain", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (key, seed, share) => {
        const policy = (part: number) => ({ verify: "sample" as const, verifySample: { share: part, seed } });
        if (proofOf(policy(share), key) === "read_back") expect(proofOf(policy(1), key)).toBe("read_back");
      }),
    );
  });

  it("leaves the other policies to themselves", () => {
    const verifySample = { share: 1, seed: 1 };
    expect(proofOf({ verify: "stored", verifySample }, "a")).toBe("stored");
    expect(proofOf({ verify: "read_back", verifySample }, "a")).toBe("read_back");
  });
});
