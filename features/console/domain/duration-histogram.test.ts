import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationAxis, durationBins, placeOnAxis } from "./duration-histogram";

const durations = fc.array(fc.integer({ min: 0, max: 4e9 }), { minLength: 1, maxLength: 60 });

describe("durationAxis", () => {
  it("runs over whole powers of ten, at least two", () => {
    expect(durationAxis([41_300, 2_130_000])).toEqual({ fromUs: 10_000, toUs: 10_000_000 });
    expect(durationAxis([5000])).toEqual({ fromUs: 1000, toUs: 100_000 });
    expect(durationAxis([])).toEqual({ fromUs: 1000, toUs: 100_000 });
  });
});

describe("durationBins", () => {
  it("counts every duration once, whatever it is", () => {
    fc.assert(
      fc.property(durations, durations, (shown, list) => {
        const bins = durationBins(
          list.map((fromUs) => ({ fromUs, count: 1 })),
          durationAxis(shown),
        );
        expect(bins.reduce((sum, count) => sum + count, 0)).toBe(list.length);
      }),
    );
  });

  it("puts each bin into the part of the axis it begins with, none between two", () => {
    const axis = { fromUs: 1000, toUs: 100_000 };
    const histogram = Array.from({ length: 16 }, (_, at) => ({ fromUs: 1000 * 10 ** (at / 8), count: at + 1 }));
    expect(durationBins(histogram, axis)).toEqual(histogram.map(({ count }) => count));
    expect(placeOnAxis(1000, axis)).toBe(0);
    expect(placeOnAxis(5_000_000, axis)).toBe(1);
  });
});
