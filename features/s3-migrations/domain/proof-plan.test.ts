import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofSentence, readBackOf, wrongAtMost } from "./proof-plan";

const load = { objects: 124_000, bytes: 1_240_000_000 };
const sample = (share: number) => ({ verify: "sample" as const, verifySample: { share, seed: 1 } });

/** Chance that none of `wrong` objects among `objects` is met by `read` draws without putting back. */
function missChance(objects: number, wrong: number, read: number): number {
  let chance = 1;
  for (let at = 0; at < read; at += 1) chance *= (objects - wrong - at) / (objects - at);
  return Math.max(0, chance);
}

describe("what a proof reads back", () => {
  it("is nothing, a share, or all", () => {
    expect(readBackOf(load, { ...sample(1), verify: "stored" })).toEqual({ objects: 0, bytes: 0 });
    expect(readBackOf(load, sample(0.01))).toEqual({ objects: 1240, bytes: 12_400_000 });
    expect(readBackOf(load, { ...sample(0.01), verify: "read_back" })).toEqual(load);
  });

  it("is said with what it costs and what is known by it", () => {
    expect(proofSentence(load, sample(0.01))).toMatch(/^1,240 objects \(1 %\).*12\.4\sMB.*at most 299 of all.*95 %/);
    expect(proofSentence(load, { ...sample(0.01), verify: "read_back" })).toMatch(/1\.24\sGB come back/);
    expect(proofSentence(load, { ...sample(0.01), verify: "stored" })).toContain("Nothing is read back");
  });
});

describe("the most that are wrong when a sample met none", () => {
  it("is everything unread with nothing read, and nothing with everything read", () => {
    expect(wrongAtMost(1000, 0)).toBe(1000);
    expect(wrongAtMost(1000, 1000)).toBe(0);
    expect(wrongAtMost(0, 0)).toBe(0);
  });

  it("is never exceeded but by a chance of one in twenty", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (objects, share) => {
        const read = Math.max(1, Math.round(objects * share));
        const bound = wrongAtMost(objects, read);
        expect(bound).toBeLessThanOrEqual(objects - read);
        if (bound < objects - read) expect(missChance(objects, bound + 1, read)).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
    );
  });
});
