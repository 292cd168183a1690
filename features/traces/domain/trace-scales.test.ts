import { describe, expect, it } from "vitest";
import { computeClockTicks, computeLinearTicks, computeLogTicks } from "./axis-ticks";
import { computeMinimap } from "./minimap-lanes";
import { computeScatterScale, countPerBin, durationQuantileUs, findNearestPoint } from "./scatter-scale";
import { computeTreeColumns } from "./trace-skeleton";
import { scaleZoom, toZoomWindow, zoomToSpan } from "./zoom-window";

describe("axis ticks", () => {
  it("are round and stay inside", () => {
    expect(computeLinearTicks(0, 2310, 5)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(computeLinearTicks(100, 100, 5)).toEqual([]);
    expect(computeLogTicks(700, 9_000_000)).toEqual([1000, 10_000, 100_000, 1_000_000]);
    expect(computeLogTicks(60, 700)).toEqual([100, 200, 500]);
  });

  it("fall on whole hours of the reader's zone", () => {
    const hour = 3_600_000;
    expect(computeClockTicks(0, 3 * hour, 3, 5.5 * hour)).toEqual([0.5 * hour, 1.5 * hour, 2.5 * hour]);
  });
});

describe("computeScatterScale", () => {
  const frame = { left: 50, right: 450, top: 0, bottom: 200 };
  const points = [
    { startMs: 0, durationUs: 10_000 },
    { startMs: 500, durationUs: 1_000_000 },
    { startMs: 1000, durationUs: 0 },
  ];
  const scale = computeScatterScale({ points, window: { fromMs: 0, toMs: 1000 }, frame, clockOffsetMs: 0 });

  it("puts every point inside the frame, longer ones higher, nothing at all on the floor", () => {
    expect(scale.toX(500)).toBe(250);
    expect(scale.toY(1_000_000)).toBeLessThan(scale.toY(10_000));
    expect(scale.toY(0)).toBe(200);
    expect(scale.toX(-9000)).toBe(50);
  });

  it("finds the nearest point within reach and none beyond", () => {
    const place = { x: scale.toX(500) + 3, y: scale.toY(1_000_000) };
    expect(findNearestPoint(scale, points, place, 10)).toBe(1);
    expect(findNearestPoint(scale, points, { x: 50, y: 0 }, 10)).toBeUndefined();
  });

  it("keeps its shape without points", () => {
    const empty = computeScatterScale({ points: [], window: { fromMs: 0, toMs: 1000 }, frame, clockOffsetMs: 0 });
    expect(empty.durationTicksUs).toContain(100_000);
  });
});

describe("distribution of durations", () => {
  const points = [1, 2, 3, 4].map((durationUs) => ({ startMs: 0, durationUs }));

  it("counts both ends of the range and nothing outside", () => {
    expect(countPerBin(points, 2, { low: 1, high: 3 }, (point) => point.durationUs)).toEqual([1, 2]);
  });

  it("takes quantiles that are durations of real traces", () => {
    expect(durationQuantileUs(points, 0.5)).toBe(2);
    expect(durationQuantileUs(points, 0.95)).toBe(4);
    expect(durationQuantileUs([], 0.5)).toBeUndefined();
  });
});

describe("zoom", () => {
  it("never leaves the trace and never becomes empty", () => {
    expect(toZoomWindow(900, -50, 800)).toEqual({ fromUs: 0, toUs: 800 });
    expect(toZoomWindow(500, 500, 800)).toEqual({ fromUs: 500, toUs: 501 });
    expect(toZoomWindow(0, 0, 0)).toEqual({ fromUs: 0, toUs: 1 });
    expect(scaleZoom({ fromUs: 0, toUs: 800 }, 0.5, 400, 800)).toEqual({ fromUs: 200, toUs: 600 });
    expect(scaleZoom({ fromUs: 200, toUs: 600 }, 9, 400, 800)).toEqual({ fromUs: 0, toUs: 800 });
    expect(zoomToSpan(100, 50, 800)).toEqual({ fromUs: 95, toUs: 155 });
  });
});

describe("computeMinimap", () => {
  it("takes one cell per place, for the span that failed or the longest", () => {
    const parent = Int32Array.from([-1, 0, 0]);
    const trace = {
      spanCount: 3,
      startUs: 0,
      durationUs: 100,
      names: [],
      services: [],
      details: [],
      waits: [""],
      spanStartUs: Float64Array.from([0, 0, 5]),
      spanDurationUs: Float64Array.from([100, 60, 10]),
      parent,
      nameIndex: new Uint32Array(3),
      serviceIndex: new Uint32Array(3),
      detailIndex: new Uint32Array(3),
      waitIndex: new Uint32Array(3),
      kind: new Uint8Array(3),
      category: new Uint8Array(3),
      flags: Uint8Array.from([0, 0, 1]),
      ...computeTreeColumns(parent),
      spanIds: undefined,
    };
    const cells = computeMinimap(trace, { columns: 10, lanes: 4 });
    expect(cells.filter((cell) => cell.lane === 0)).toHaveLength(10);
    expect(cells.find((cell) => cell.lane === 1 && cell.column === 0)?.span).toBe(2);
    expect(cells.find((cell) => cell.lane === 1 && cell.column === 4)?.span).toBe(1);
  });
});
