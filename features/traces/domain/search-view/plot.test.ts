import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeScatterScale } from "../scatter-scale";
import { durationBars, heatCells, rateBars } from "./plot-bars";
import { pickDeploys } from "./plot-deploys";

const whole = (max: number) => fc.integer({ min: 0, max });

describe("plot", () => {
  const window = { fromMs: 0, toMs: 60_000 };
  const frame = { left: 50, right: 650, top: 10, bottom: 210 };
  const points = fc.array(
    fc.record({ startMs: whole(60_000), durationUs: fc.integer({ min: 1, max: 1e8 }) }).map((place) => ({
      ...place,
      traceId: "",
      errorCount: 0,
      service: "",
      operation: "",
    })),
    { minLength: 1, maxLength: 50 },
  );

  it("counts every point once in both distributions, on either scale", () => {
    fc.assert(
      fc.property(points, fc.constantFrom("log" as const, "linear" as const), (all, kind) => {
        const scale = computeScatterScale({ points: all, window, frame, clockOffsetMs: 0, kind });
        const input = { scale, points: all, selected: all, facts: undefined };
        for (const bars of [durationBars(input, 42), rateBars(input, 72)]) {
          expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
          expect(bars.every(({ count, selected }) => count === selected)).toBe(true);
        }
      }),
    );
  });

  it("leads from a place back to its time and duration, on either scale", () => {
    fc.assert(
      fc.property(points, fc.constantFrom("log" as const, "linear" as const), (all, kind) => {
        const scale = computeScatterScale({ points: all, window, frame, clockOffsetMs: 0, kind });
        for (const { startMs, durationUs } of all) {
          expect(scale.toMs(scale.toX(startMs))).toBeCloseTo(startMs, 3);
          expect(scale.toUs(scale.toY(durationUs)) / durationUs).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it("draws the full cells of a heat map, the fullest darkest", () => {
    const scale = computeScatterScale({ points: [{ startMs: 0, durationUs: 10 }], window, frame, clockOffsetMs: 0 });
    const cells = heatCells(
      {
        timeBuckets: [
          { startUs: 0, endUs: 30e6 },
          { startUs: 30e6, endUs: 60e6 },
        ],
        durationBuckets: [{ fromUs: 10, toUs: 13 }],
        counts: [3, 0],
      },
      scale,
    );
    expect(cells).toMatchObject([{ x: 50, widthPx: 300, weight: 1 }]);
  });
});

describe("pickDeploys", () => {
  const window = { fromMs: 0, toMs: 1000 };
  it("draws one line for services released together, and none for the first version ever seen", () => {
    const deploys = [
      { version: "v2", atUs: 500_000, origin: "seen", previousVersion: "v1" },
      { version: "v2", atUs: 400_000, origin: "reported", previousVersion: null },
      { version: "v1", atUs: 100_000, origin: "seen", previousVersion: null },
      { version: "v3", atUs: 2_000_000, origin: "reported", previousVersion: "v2" },
    ] as const;
    expect(pickDeploys(deploys, window)).toEqual([{ version: "v2", atMs: 400 }]);
  });
});
