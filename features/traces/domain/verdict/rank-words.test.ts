import { describe, expect, it } from "vitest";
import { everywhereWords, fewWords, rankWindow, rankWords, usualWords } from "./rank-words";

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

describe("fewWords", () => {
  it("says that a few requests tell nothing", () => {
    expect(fewWords(1)).toBe("1 other request known: too few to tell what is usual");
    expect(fewWords(3)).toBe("3 other requests known: too few to tell what is usual");
    expect(fewWords(0)).toBeUndefined();
  });
});

describe("everywhereWords", () => {
  const one = { savesUs: 1_000_000, count: 600, isWhole: true, standing: { alikeCount: 25, traceCount: 100 } };

  it("scales to a day those that are as slow, and says that it is a rate", () => {
    expect(everywhereWords(one)).toBe(
      "If those slow by the same step (25 of 100 sampled) saved it: ≈ 10\u202fmin a day, over ≈ 600 of them at the rate of these 6\u202fh.",
    );
    expect(everywhereWords({ ...one, isWhole: false })).toContain("at least 10\u202fmin a day");
  });

  it("says nothing of how many save it where nobody knows", () => {
    expect(everywhereWords({ ...one, standing: { traceCount: 100 } })).toBeUndefined();
    expect(everywhereWords({ ...one, standing: { alikeCount: 0, traceCount: 100 } })).toBeUndefined();
    expect(everywhereWords({ ...one, standing: undefined })).toBeUndefined();
    expect(everywhereWords({ ...one, savesUs: 0 })).toBeUndefined();
  });
});
