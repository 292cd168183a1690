import { describe, expect, it } from "vitest";
import { toElapsedBullet } from "./elapsed-bullet";

const MINUTE = 60_000;
const usual = { p20Ms: 40 * MINUTE, medianMs: 50 * MINUTE, p80Ms: 70 * MINUTE };

describe("toElapsedBullet", () => {
  it("keeps now, the usual range and its middle in order on one axis", () => {
    const { now, from, median, to } = toElapsedBullet(28 * MINUTE, usual);
    expect([now, from, median, to]).toEqual([now, from, median, to].toSorted((a, b) => a - b));
    expect(to).toBeLessThan(1);
  });

  it("grows with a run that takes longer than any, and stays on the axis", () => {
    const late = toElapsedBullet(500 * MINUTE, usual);
    expect(late.now).toBe(1);
    expect(late.to).toBeCloseTo(0.14);
  });

  it("draws nothing outside the axis for runs that took no time", () => {
    expect(toElapsedBullet(0, { p20Ms: 0, medianMs: 0, p80Ms: 0 })).toEqual({ now: 0, from: 0, to: 0, median: 0 });
  });
});
