import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BINS_PER_DECADE, binStartUs, picturesOf, timeBucketsOf, timeStepUs } from "./fact-buckets";

const window = fc
  .tuple(fc.nat(2_000_000_000_000_000), fc.integer({ min: 1, max: 8e14 }))
  .map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));

describe("timeStepUs", () => {
  it("makes few enough buckets that cover any window without overlap", () => {
    fc.assert(
      fc.property(window, (one) => {
        const buckets = timeBucketsOf(one, timeStepUs(one));
        expect(buckets.length).toBeLessThanOrEqual(92);
        expect(buckets[0]?.startUs).toBe(one.fromUs);
        expect(buckets.at(-1)?.endUs).toBe(one.toUs);
        expect(buckets.slice(1).map(({ startUs }) => startUs)).toEqual(buckets.slice(0, -1).map(({ endUs }) => endUs));
      }),
    );
  });
});

describe("picturesOf", () => {
  it("counts every trace once in the totals, the histogram, the heat map and the rate", () => {
    const one = { fromUs: 1_000_000, toUs: 91_000_000 };
    const stepUs = timeStepUs(one);
    const { bin: first = 0 } = timeBucketsOf(one, stepUs)[0] ?? {};
    const cell = fc.record({
      timeBin: fc.integer({ min: first, max: first + 80 }),
      durationBin: fc.integer({ min: 0, max: 60 }),
      count: fc.nat(50),
      errorCount: fc.nat(5),
      spanCount: fc.nat(500),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        const { totals, histogram, heatmap, rate } = picturesOf(cells, one, stepUs);
        const sum = (list: { count: number }[]) => list.reduce((total, { count }) => total + count, 0);
        expect(totals.count).toBe(sum(cells));
        expect(sum(histogram)).toBe(totals.count);
        expect(sum(rate)).toBe(totals.count);
        expect(heatmap.counts.reduce((total, count) => total + count, 0)).toBe(totals.count);
        expect(heatmap.counts).toHaveLength(heatmap.timeBuckets.length * heatmap.durationBuckets.length);
      }),
    );
  });
});

describe("binStartUs", () => {
  it("starts at zero and grows tenfold per decade of bins", () => {
    expect(binStartUs(0)).toBe(0);
    expect(binStartUs(3 * BINS_PER_DECADE)).toBeCloseTo(1000);
  });
});
