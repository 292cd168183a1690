import { describe, expect, it } from "vitest";
import { changeOf, comparedStretches, NOTHING, toTotals, weekApart } from "./red-numbers";

const quantiles = (p95Us: number) => ({ p50Us: 1, p75Us: 2, p90Us: 3, p95Us, p99Us: p95Us });
const minute = { fromUs: 0, toUs: 60_000_000 };

describe("toTotals", () => {
  it("has no error share and no durations without requests, and a rate of zero", () => {
    expect(toTotals(NOTHING, minute)).toEqual({
      count: 0,
      errorCount: 0,
      perSecond: 0,
      errorShare: null,
      quantiles: null,
    });
  });
});

describe("changeOf", () => {
  it("compares what both sides have, and says when there is too little of it", () => {
    const now = toTotals({ count: 60, errorCount: 6, quantiles: quantiles(300) }, minute);
    const before = toTotals({ count: 30, errorCount: 0, quantiles: quantiles(100) }, minute);
    expect(changeOf(now, before)).toMatchObject({ p95Ratio: 3, rateRatio: 2, errorShareDelta: 0.1, isEnough: true });
    expect(changeOf(now, toTotals(NOTHING, minute))).toMatchObject({
      p95Ratio: null,
      rateRatio: null,
      isEnough: false,
    });
  });
});

describe("comparedStretches", () => {
  const window = { fromUs: 1000, toUs: 2000 };
  it("puts the window before it beside a window", () => {
    expect(comparedStretches(window, undefined)).toEqual({ now: window, before: { fromUs: 0, toUs: 1000 } });
  });

  it("starts now at the deploy, and takes as long as the window before it", () => {
    expect(comparedStretches(window, 1400)).toEqual({
      now: { fromUs: 1400, toUs: 2000 },
      before: { fromUs: 400, toUs: 1400 },
    });
  });

  it("keeps the whole window when the deploy came before it", () => {
    expect(comparedStretches(window, 900)).toEqual({ now: window, before: { fromUs: 0, toUs: 900 } });
  });
});

describe("weekApart", () => {
  it("compares the window with the same hours of the same day a week ago", () => {
    const weekUs = 7 * 24 * 3600 * 1_000_000;
    expect(weekApart({ fromUs: weekUs + 5, toUs: weekUs + 9 })).toEqual({
      now: { fromUs: weekUs + 5, toUs: weekUs + 9 },
      before: { fromUs: 5, toUs: 9 },
    });
    expect(weekApart(minute).before).toEqual({ fromUs: 0, toUs: 0 });
  });
});
