import { describe, expect, it } from "vitest";
import { type HostSample, toHostRows } from "./host-rows";

const host = (name: string, p95Us: number, count = 100): HostSample => ({
  host: name,
  count,
  p50Us: p95Us / 4,
  p95Us,
  isWhole: true,
});

describe("toHostRows", () => {
  it("says that hosts are alike, slowest first on one scale", () => {
    const { rows, sentence } = toHostRows([host("a", 90), host("b", 100), host("c", 80)], null);
    expect(sentence).toBe("Not one host: all 3 are alike.");
    expect(rows.map((row) => [row.host, row.from, row.to, row.isSlow])).toEqual([
      ["b", 0.25, 1, false],
      ["a", 0.225, 0.9, false],
      ["c", 0.2, 0.8, false],
    ]);
  });

  it("names the host that is slower than the others, never one with a handful of requests", () => {
    expect(toHostRows([host("a", 100), host("b", 900), host("c", 90)], null).sentence).toBe(
      "b is slower than the others.",
    );
    expect(toHostRows([host("a", 100), host("b", 900, 3), host("c", 90)], null).sentence).toBe("No host stands out.");
    expect(toHostRows([host("a", 100, 2), host("b", 900, 3)], null).sentence).toMatch(/^Too few/);
  });

  it("does not say that all are alike while requests came from hosts that are not known", () => {
    const { sentence } = toHostRows([host("a", 90, 80), host("b", 100, 80)], 240);
    expect(sentence).toBe("No known host stands out. 80 of 240 requests came from hosts that are not known yet.");
    expect(toHostRows([host("a", 90, 80), host("b", 100, 80)], 161).sentence).toBe("Not one host: all 2 are alike.");
  });

  it("leaves out hosts without requests and is empty without hosts", () => {
    expect(toHostRows([host("a", 100, 0)], null).rows).toEqual([]);
    expect(toHostRows([], null).rows).toEqual([]);
  });
});
