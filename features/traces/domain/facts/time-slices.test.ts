import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  gapsOf,
  heldShare,
  hoursOf,
  LEAST_SLICE_US,
  MOST_SLICE_US,
  newestPart,
  nextWidthUs,
  type Stretch,
  withinHour,
} from "./time-slices";

const stretch = (max: number) =>
  fc.tuple(fc.nat(max), fc.integer({ min: 1, max })).map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));
const holds = (list: readonly Stretch[], atUs: number) =>
  list.some(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs);

describe("gapsOf", () => {
  it("leaves exactly the moments of the window that no slice holds", () => {
    fc.assert(
      fc.property(stretch(60), fc.array(stretch(60), { maxLength: 8 }), (window, slices) => {
        const gaps = gapsOf(window, slices);
        for (let atUs = window.fromUs; atUs < window.toUs; atUs += 1) {
          expect(holds(gaps, atUs), `at ${atUs}`).toBe(!holds(slices, atUs));
        }
        expect(gaps.every(({ fromUs, toUs }) => fromUs >= window.fromUs && toUs <= window.toUs && toUs > fromUs)).toBe(
          true,
        );
        const heldUs = Math.round(heldShare(window, gaps) * (window.toUs - window.fromUs));
        expect(heldUs).toBe(window.toUs - window.fromUs - gaps.reduce((sum, gap) => sum + gap.toUs - gap.fromUs, 0));
      }),
    );
  });
});

describe("newestPart", () => {
  it("tiles any gap from its newest end, leaving no sliver", () => {
    const width = fc.integer({ min: LEAST_SLICE_US, max: 60 * LEAST_SLICE_US });
    fc.assert(
      fc.property(stretch(500 * LEAST_SLICE_US), width, (gap, widthUs) => {
        let toUs = gap.toUs;
        while (toUs > gap.fromUs) {
          const part = newestPart({ ...gap, toUs }, widthUs);
          expect(part.toUs).toBe(toUs);
          expect(part.fromUs).toBeGreaterThanOrEqual(gap.fromUs);
          expect(part.toUs - part.fromUs).toBeLessThan(widthUs + LEAST_SLICE_US);
          if (part.fromUs !== gap.fromUs) expect(part.toUs - part.fromUs).toBeGreaterThanOrEqual(LEAST_SLICE_US);
          toUs = part.fromUs;
        }
        expect(toUs).toBe(gap.fromUs);
      }),
    );
  });
});

describe("hoursOf", () => {
  it("names hours whose parts of the stretch are the whole stretch", () => {
    fc.assert(
      fc.property(stretch(20 * MOST_SLICE_US), (whole) => {
        const parts = hoursOf(whole).map((hour) => withinHour(whole, hour));
        expect(parts.every(({ fromUs, toUs }) => toUs > fromUs)).toBe(true);
        expect(gapsOf(whole, parts)).toEqual([]);
      }),
    );
  });
});

describe("nextWidthUs", () => {
  it("finds a width that fits within a few steps, whatever the density", () => {
    for (const perSecond of [0.001, 1, 30, 700, 1400]) {
      let widthUs = MOST_SLICE_US;
      let steps = 0;
      for (; steps < 12; steps += 1) {
        const count = (widthUs / 1_000_000) * perSecond;
        if (count < 1500) break;
        widthUs = nextWidthUs(widthUs, undefined, 1500);
      }
      expect(steps, `${perSecond} traces/s`).toBeLessThan(8);
    }
  });

  it("stays between a second and an hour", () => {
    expect(nextWidthUs(LEAST_SLICE_US, undefined, 1500)).toBe(LEAST_SLICE_US);
    expect(nextWidthUs(MOST_SLICE_US, 0, 1500)).toBe(MOST_SLICE_US);
  });
});
