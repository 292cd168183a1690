import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  gapsOf,
  heldShare,
  hoursOf,
  isWorthALook,
  knownUntilMs,
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

  it("stays between a millisecond and an hour", () => {
    expect(nextWidthUs(LEAST_SLICE_US, undefined, 1500)).toBe(LEAST_SLICE_US);
    expect(nextWidthUs(MOST_SLICE_US, 0, 1500)).toBe(MOST_SLICE_US);
  });
});

describe("isWorthALook", () => {
  const settleMs = 120_000;
  const endMs = 1_000_000_000;
  const slice = (readAtMs: number, isOutdated?: boolean) => ({
    toUs: endMs * 1000,
    isSettled: true,
    isOutdated,
    readAtMs,
  });

  it("asks a source that tells nothing a few times in all, ever more rarely, and no more after a day", () => {
    let readAtMs = endMs + settleMs;
    const looks: number[] = [];
    for (let nowMs = readAtMs; nowMs < endMs + 60 * 86_400_000; nowMs += 60_000) {
      if (!isWorthALook(slice(readAtMs), nowMs, settleMs)) continue;
      looks.push(Math.round((nowMs - endMs) / 60_000));
      readAtMs = nowMs;
    }
    expect(looks).toEqual([6, 18, 54, 162, 486, 1458]);
  });

  it("goes by what the source tells where it does, and by nothing while the stretch is not settled", () => {
    expect(isWorthALook(slice(endMs + settleMs, false), endMs * 9, settleMs)).toBe(false);
    expect(isWorthALook(slice(endMs + settleMs, true), endMs + settleMs, settleMs)).toBe(true);
    expect(isWorthALook({ ...slice(endMs, false), isSettled: false }, endMs, settleMs)).toBe(true);
  });

  it("knows until the oldest reading that nothing has vouched for since", () => {
    const nowMs = endMs + 600_000;
    expect(knownUntilMs([], nowMs)).toBe(nowMs);
    expect(knownUntilMs([slice(endMs + 130_000, false)], nowMs)).toBe(nowMs);
    expect(knownUntilMs([slice(endMs + 130_000, false), slice(endMs + 140_000, true)], nowMs)).toBe(endMs + 140_000);
    expect(knownUntilMs([slice(endMs + 130_000), slice(endMs + 140_000)], nowMs)).toBe(endMs + 130_000);
  });
});
