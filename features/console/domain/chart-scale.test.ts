import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { niceCeiling, sideOfName, timeTicks } from "./chart-scale";

describe("sideOfName", () => {
  it("keeps a name within the chart: before its mark where the rest is shorter than the name", () => {
    expect([0.59, 0.9].map((share) => sideOfName(share, 0.15))).toEqual(["after", "before"]);
    expect(sideOfName(0.59, 0.45)).toBe("before");
  });
});

describe("niceCeiling", () => {
  it("is never below its value and never above ten times it", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (value) => {
        expect(niceCeiling(value)).toBeGreaterThanOrEqual(value * (1 - 1e-12));
        expect(niceCeiling(value)).toBeLessThan(value * 10);
      }),
    );
  });

  it("is 1 for nothing", () => expect([niceCeiling(0), niceCeiling(Number.NaN)]).toEqual([1, 1]));
});

describe("timeTicks", () => {
  it("stands on whole steps of the local clock", () => {
    const halfHourZone = 5.5 * 3_600_000;
    const ticks = timeTicks(0, 6 * 3_600_000, 6, halfHourZone);
    expect(ticks.map((at) => (at + halfHourZone) % 3_600_000)).toEqual(ticks.map(() => 0));
    expect(ticks.length).toBeGreaterThan(3);
  });

  it("never gives more than one above the asked number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 7 * 86_400_000 }), (widthMs) => {
        expect(timeTicks(0, widthMs, 6, 0).length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
