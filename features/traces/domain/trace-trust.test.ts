import { describe, expect, it } from "vitest";
import { spell } from "./diagnosis/phrase";
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
type Facts = Partial<Omit<Parameters<typeof traceTrust>[0], "expectedSpanCount">> & {
  expectedSpanCount?: number | null;
};
const texts = (facts: Facts) => traceTrust({ ...HEALTHY, ...facts }).map(({ text }) => text);

describe("traceTrust", () => {
  it("says what is fine about a healthy trace", () => {
    expect(texts({})).toEqual(["complete, 312 of 312", "settled", "no orphans"]);
  });

  it("claims nothing about completeness when nobody counted", () => {
    expect(texts({ expectedSpanCount: null })).toEqual(["settled", "no orphans"]);
  });

  it("names each trouble with its count", () => {
    const facts = { spanCount: 10, expectedSpanCount: 50, orphanSpanCount: 1, skewedSpanCount: 2, isSettled: false };
    expect(texts(facts)).toEqual(["cut short, 10 of 50", "still arriving", "1 orphan", "clocks differ"]);
  });

  it("explains one span as one and several as several", () => {
    const whys = (facts: Facts) => traceTrust({ ...HEALTHY, ...facts }).map(({ why }) => why);
    expect(whys({ orphanSpanCount: 1 })).toContain(
      "1 span names a parent that is not in this trace; it stands as a root.",
    );
    expect(whys({ orphanSpanCount: 2 })).toContain(
      "2 spans name a parent that is not in this trace; they stand as roots.",
    );
    expect(whys({ skewedSpanCount: 1 }).join()).toContain("1 span starts before its parent");
  });

  it("says by how much clocks differ, and how well they agree where calls can be compared", () => {
    expect(texts({ clocks: { movedCount: 1, largestUs: 1_200_000, pairCount: 3 } })).toContain(
      "clocks differ by 1.20\u202fs",
    );
    const year = { movedCount: 1, largestUs: 365 * 86_400e6, pairCount: 3 };
    expect(texts({ clocks: year })).toContain(`clocks differ by ${spell(year.largestUs)}`);
    expect(texts({ clocks: { movedCount: 0, largestUs: 400, pairCount: 5 } })).toContain("clocks agree ±400\u202fµs");
    expect(texts({ clocks: { movedCount: 0, largestUs: 0, pairCount: 0 } })).toEqual(texts({}));
  });

  it("counts roots that share a trace, unless spans are missing", () => {
    expect(texts({ rootCount: 50 })).toContain("50 roots");
    expect(texts({ rootCount: 1 })).toEqual(texts({}));
    expect(texts({ rootCount: 3, orphanSpanCount: 2 }).join()).not.toContain("roots");
  });

  it("says what is sampled and what no span explains", () => {
    const facts = { sampling: { share: 0.25, attribute: "sampling.probability" }, gapUs: 280_000 };
    expect(texts(facts)).toEqual([...texts({}), "sampled 1 in 4", "gap 280\u202fms"]);
  });
});
