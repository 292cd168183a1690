import { describe, expect, it } from "vitest";
import { everywhereWords, rankWindow, rankWords, usualWords } from "./rank-words";

describe("usualWords", () => {
  it("says how many times the usual, and calls a small difference usual", () => {
    expect(usualWords(2_310_000, 174_000)).toBe("13 × usual (174\u202fms)");
    expect(usualWords(180_000, 174_000)).toBe("as usual (174\u202fms)");
    expect(usualWords(87_000, 174_000)).toBe("0.50 × usual (174\u202fms)".replace("0.50", "0.5"));
    expect(usualWords(5, 0)).toBe("as usual (0)");
  });
});

describe("rankWords", () => {
  it("counts from the slowest, and says when not all were seen", () => {
    expect(rankWords({ count: 1104, slowerCount: 6, isWhole: true })).toBe("7th slowest of 1,104 in 6\u202fh");
    expect(rankWords({ count: 20, slowerCount: 0, isWhole: false })).toBe("slowest of at least 20 in 6\u202fh");
    expect(rankWords({ count: 200, slowerCount: 111, isWhole: true })).toMatch(/^112th/);
    expect(rankWords({ count: 200, slowerCount: 21, isWhole: true })).toMatch(/^22nd/);
    expect(rankWords({ count: 1, slowerCount: 0, isWhole: true })).toBeUndefined();
  });
});

describe("rankWindow", () => {
  it("holds the trace itself", () => {
    const window = rankWindow(1_795_077_451_482.5);
    expect(window.endMs).toBeGreaterThan(1_795_077_451_482.5);
    expect(rankWindow(0).startMs).toBe(0);
  });
});

describe("everywhereWords", () => {
  it("scales to a day and says that it is a rate", () => {
    expect(everywhereWords(1_000_000, 600)).toBe(
      "If all such requests saved it: ≈ 40\u202fmin a day, over ≈ 2,400 of them at the rate of these 6\u202fh.",
    );
    expect(everywhereWords(0, 600)).toBeUndefined();
  });
});
