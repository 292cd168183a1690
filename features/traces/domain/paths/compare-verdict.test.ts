import { describe, expect, it } from "vitest";
import { toChangeLedger } from "../compare-view/change-ledger";
import { perRequestWords, toCompareVerdict } from "./compare-verdict";

const side = (seenCount: number, readCount = seenCount) => ({ seenCount, readCount });

describe("perRequestWords", () => {
  it("says nothing of two single traces, and that a mean is of the traces read where more were seen", () => {
    expect(perRequestWords(side(1), side(1))).toBe("");
    expect(perRequestWords(side(40), side(60))).toBe(" a request");
    expect(perRequestWords(side(786, 200), side(60))).toBe(" a request of those read");
    expect(perRequestWords(side(60), side(786, 200))).toBe(" a request of those read");
  });
});

describe("toCompareVerdict", () => {
  it("speaks of the median with the median before, so that its bars add up to what it says", () => {
    const verdict = toCompareVerdict(
      { steps: [], pathOf: [], leftOut: { count: 0, changeUs: 0 }, changeUs: -16_000 },
      {
        beforeUs: 131_000,
        afterUs: 115_000,
        p50Before: 38_000,
        p50After: 61_000,
        perRequest: " a request",
        shift: 1,
        isSignificant: true,
        isRestSure: false,
      },
    );
    expect(verdict.sentence).toMatch(/^Half of the requests take over 61\u202fms, before 38\u202fms;/);
    const [before, after] = toChangeLedger({ verdict }).bars;
    expect([before?.totalUs, after?.totalUs]).toEqual([38_000, 61_000]);
  });
});
