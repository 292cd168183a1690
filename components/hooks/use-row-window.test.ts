import { describe, expect, it } from "vitest";
import { rowsByPlace } from "./use-row-window";

const MOST = 48;
const windowAt = (from: number) => ({ from, to: from + MOST, most: MOST });

describe("rowsByPlace", () => {
  it("starts in the order of the rows", () => {
    expect(rowsByPlace({ from: 0, to: 4, most: 4 })).toEqual([0, 1, 2, 3]);
  });

  it("leaves every row of both windows at its place when the window moves", () => {
    const before = rowsByPlace(windowAt(96));
    const after = rowsByPlace(windowAt(100));
    const moved = after.filter((row, place) => row !== before[place]);
    expect(moved).toEqual([144, 145, 146, 147]);
  });

  it("shows each row of a window once, wherever it begins", () => {
    for (const from of [0, 1, 47, 48, 49, 99_952]) {
      const rows = rowsByPlace(windowAt(from));
      expect([...rows].sort((a, b) => (a ?? -1) - (b ?? -1))).toEqual(
        Array.from({ length: MOST }, (_, at) => from + at),
      );
    }
  });

  it("keeps the places of a window cut off at an end, and has none before the first layout", () => {
    expect(rowsByPlace({ from: 6, to: 8, most: 4 })).toEqual([undefined, undefined, 6, 7]);
    expect(rowsByPlace({ from: 0, to: 0, most: 0 })).toEqual([]);
  });
});
