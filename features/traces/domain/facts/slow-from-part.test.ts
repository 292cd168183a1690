import { describe, expect, it } from "vitest";
import { slowFromPart } from "./slow-from-part";

const from = (medians: (number | null)[], foundAt: number) =>
  slowFromPart({ medians, foundAt, usualUs: 10_000, nowUs: 1_000_000 });

describe("slowFromPart", () => {
  it.each([
    ["the part in which the change was found", [9, 9, 9, 900, 900, 900], 3, 3],
    // Its bar was blue, left of the line that says since when it is slow.
    ["the part before, when that is slow already", [9, 9, 800, 900, 900, 900], 3, 2],
    ["the part after, when that of the change is as usual", [9, 9, 9, 9, 900, 900], 3, 4],
    ["over parts without a request", [9, 800, null, 900, 900, 900], 3, 1],
    ["but not over a part as usual", [800, 9, 9, 900, 900, 900], 3, 3],
    ["nor far away from the change", [800, 800, 800, 800, 800, 800], 4, 2],
  ])("is %s", (_what, medians, foundAt, first) => {
    expect(
      from(
        medians.map((ms) => (ms === null ? null : ms * 1000)),
        foundAt,
      ),
    ).toBe(first);
  });

  it("is none where no part near it is slow", () => {
    expect(from([9000, 9000, null, 9000], 2)).toBeUndefined();
  });
});
