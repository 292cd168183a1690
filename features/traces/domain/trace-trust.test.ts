import { describe, expect, it } from "vitest";
import { traceTrust } from "./trace-trust";

const HEALTHY = {
  spanCount: 312,
  expectedSpanCount: 312,
  orphanSpanCount: 0,
  skewedSpanCount: 0,
  duplicateSpanCount: 0,
  cycleSpanCount: 0,
  isSettled: true,
};
const texts = (facts: Partial<typeof HEALTHY> | { expectedSpanCount: null }) =>
  traceTrust({ ...HEALTHY, ...facts }).map(({ text }) => text);

describe("traceTrust", () => {
  it("says what is fine about a healthy trace", () => {
    expect(texts({})).toEqual(["complete, 312 of 312", "settled", "no orphans"]);
  });

  it("claims nothing about completeness when nobody counted", () => {
    expect(texts({ expectedSpanCount: null })).toEqual(["settled", "no orphans"]);
  });

  it("names each trouble with its count", () => {
    const facts = { spanCount: 10, expectedSpanCount: 50, orphanSpanCount: 1, skewedSpanCount: 2, isSettled: false };
    expect(texts(facts)).toEqual(["cut short, 10 of 50", "still arriving", "1 orphan", "2 clocks differ"]);
  });
});
