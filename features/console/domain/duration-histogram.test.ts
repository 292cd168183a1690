import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationAxis, durationHistogram, placeOnAxis } from "./duration-histogram";

const durations = fc.array(fc.integer({ min: 0, max: 4e9 }), { minLength: 1, maxLength: 60 });

describe("durationAxis", () => {
  it("runs over whole powers of ten, at least two", () => {
    expect(durationAxis([41_300, 2_130_000])).toEqual({ fromUs: 10_000, toUs: 10_000_000 });
    expect(durationAxis([5000])).toEqual({ fromUs: 1000, toUs: 100_000 });
    expect(durationAxis([])).toEqual({ fromUs: 1000, toUs: 100_000 });
  });
});

describe("durationHistogram", () => {
  it("counts every duration once, whatever it is", () => {
    fc.assert(
      fc.property(durations, (list) => {
        const bins = durationHistogram(list, durationAxis(list));
        expect(bins.reduce((sum, count) => sum + count, 0)).toBe(list.length);
      }),
    );
  });

  it("keeps two humps apart", () => {
    const axis = { fromUs: 1000, toUs: 1_000_000 };
    const bins = durationHistogram([2000, 2000, 500_000], axis);
    expect(bins.filter((count) => count > 0)).toEqual([2, 1]);
    expect(placeOnAxis(1000, axis)).toBe(0);
    expect(placeOnAxis(5_000_000, axis)).toBe(1);
  });
});
