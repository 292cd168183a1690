import { describe, expect, it } from "vitest";
import { perRequestWords } from "./compare-verdict";

const side = (seenCount: number, readCount = seenCount) => ({ seenCount, readCount });

describe("perRequestWords", () => {
  it("says nothing of two single traces, and that a mean is of the traces read where more were seen", () => {
    expect(perRequestWords(side(1), side(1))).toBe("");
    expect(perRequestWords(side(40), side(60))).toBe(" a request");
    expect(perRequestWords(side(786, 200), side(60))).toBe(" a request of those read");
    expect(perRequestWords(side(60), side(786, 200))).toBe(" a request of those read");
  });
});
