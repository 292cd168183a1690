import { describe, expect, it } from "vitest";
import {
  columnDuration,
  durationQuantity,
  formatAge,
  formatBytes,
  formatDuration,
  formatShare,
  toText,
} from "./format";

describe("formatDuration", () => {
  it.each([
    [0, "0"],
    [7, "7\u202fµs"],
    [1620, "1.62\u202fms"],
    [610_000, "610\u202fms"],
    [999_600, "1.00\u202fs"],
    [1_620_000, "1.62\u202fs"],
    // Halves that binary fractions miss: sums of such numbers must read the same as they do.
    [1_345_000, "1.35\u202fs"],
    [17_450, "17.5\u202fms"],
    [-1_345_000, "-1.35\u202fs"],
    [41_000_000, "41.0\u202fs"],
    [660_000_000, "11\u202fmin"],
    [36 * 3600e6, "36\u202fh"],
    [365 * 86_400e6, "365\u202fd"],
  ])("%d µs reads %s", (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });

  it("gives number and unit apart, so that a column can align them", () => {
    expect(durationQuantity(38_200)).toEqual({ value: "38.2", unit: "ms" });
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0\u202fB"],
    [999, "999\u202fB"],
    [1500, "1.5\u202fkB"],
    [38_200_000, "38.2\u202fMB"],
    [999_999_999, "1\u202fGB"],
  ])("%d reads %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("columnDuration", () => {
  it("keeps one unit through a column, so that what reads larger is larger", () => {
    const columnOf = (...durationsUs: number[]) =>
      durationsUs.map((each) => toText(columnDuration(each, Math.max(...durationsUs))).replace("\u202f", " "));
    expect(columnOf(120e6, 114.1e6, 9.67e6, 400)).toEqual(["120 s", "114 s", "9.67 s", "<0.01 s"]);
    expect(columnOf(7200e6, 1800e6)).toEqual(["2 h", "0.5 h"]);
    expect(columnOf(900e6, 60e6)).toEqual(["15 min", "1 min"]);
    expect(columnOf(500_000, 0)).toEqual(["500 ms", "0 ms"]);
  });
});

describe("formatShare", () => {
  it("floors, so that almost done is never done", () => {
    expect(formatShare(0.9999)).toBe("99\u202f%");
    expect(formatShare(1)).toBe("100\u202f%");
    expect(formatShare(0.0834)).toBe("8.3\u202f%");
  });
});

describe("formatAge", () => {
  it("never goes below zero when clocks differ", () => {
    expect(formatAge(-5000)).toBe("0\u202fs ago");
    expect(formatAge(3_700_000)).toBe("1\u202fh ago");
  });
});
