import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LooseSpan, skeletonOf, skeletonOfLoose } from "@/tests/support/skeleton-of";
import type { TraceSkeleton } from "../trace-skeleton";
import { computeTracePlan } from "../waterfall/trace-plan";
import { keepWithAncestors } from "../waterfall-rows";
import { boxAt, type FlameBoxes, LEAST_FRAME_PX, layOutFlame, REST } from "./flame-boxes";
import { computeFlame, type FlameFrames, framesBelow, markFrames, NO_FRAME, wayTo } from "./flame-frames";

const flameOf = (trace: TraceSkeleton, kept?: Uint8Array) =>
  computeFlame({ trace, plan: computeTracePlan(trace) }, kept);
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const nameOf = (trace: TraceSkeleton, frames: FlameFrames, frame: number) =>
  trace.names[trace.nameIndex[frames.longest[frame] ?? -1] ?? -1];

/** A page that renders two lists, each with its own loop of queries. */
const page = skeletonOf({
  name: "GET /boards",
  duration: 1000,
  children: ["cards", "labels"].map((list, at) => ({
    name: `render ${list}`,
    start: at * 500,
    duration: 400 - at * 200,
    children: Array.from({ length: 5 }, (_, call) => ({
      name: "SELECT",
      kind: "client" as const,
      start: at * 500 + call * 30,
      duration: call === 3 ? 25 : 20,
      isError: at === 0 && call === 4,
    })),
  })),
});

const loose: fc.Arbitrary<LooseSpan[]> = fc.array(
  fc.record({
    parent: fc.nat({ max: 16 }),
    start: fc.nat({ max: 500 }),
    duration: fc.nat({ max: 300 }),
    name: fc.constantFrom("a", "b", "c"),
  }),
  { maxLength: 16 },
);

describe("computeFlame", () => {
  it("makes one frame of alike calls under alike callers, and keeps those under other callers apart", () => {
    const frames = flameOf(page);
    expect(frames.count).toBe(5);
    expect([...frames.spanCount]).toEqual([1, 1, 5, 1, 5]);
    expect([...frames.durationUs]).toEqual([1000, 400, 105, 200, 105]);
    expect([...frames.selfUs]).toEqual([400, 295, 105, 95, 105]);
    expect([...frames.errors]).toEqual([0, 0, 1, 0, 0]);
    expect(page.spanDurationUs[frames.longest[2] ?? -1]).toBe(25);
    expect(wayTo(frames, 2).map((frame) => nameOf(page, frames, frame))).toEqual([
      "GET /boards",
      "render cards",
      "SELECT",
    ]);
  });

  it("adds up, whatever the trace's shape: own work of all frames is that of all spans, a frame is as wide as its parts", () => {
    fc.assert(
      fc.property(loose, (spans) => {
        const trace = skeletonOfLoose(spans);
        const plan = computeTracePlan(trace);
        const frames = computeFlame({ trace, plan });
        expect(sum(frames.spanCount)).toBe(trace.spanCount);
        expect(sum(frames.durationUs)).toBeCloseTo(sum(trace.spanDurationUs));
        expect(sum(frames.selfUs)).toBeCloseTo(sum(plan.selfUs));
        expect(frames.totalUs).toBeCloseTo(sum(plan.selfUs));
        expect(sum(frames.ownPathUs)).toBeCloseTo(sum(plan.path.ownUs));
        expect(sum([...frames.roots].map((root) => frames.workUs[root] ?? 0))).toBeCloseTo(frames.totalUs);
        for (let frame = 0; frame < frames.count; frame += 1) {
          const below = sum([...framesBelow(frames, frame)].map((child) => frames.workUs[child] ?? 0));
          expect(frames.workUs[frame]).toBeCloseTo((frames.selfUs[frame] ?? 0) + below);
          expect(frames.parent[frame]).toBeLessThan(frame);
        }
      }),
    );
  });

  it("is as wide as the root was long where nothing runs beside anything", () => {
    expect(flameOf(page).totalUs).toBe(1000);
  });

  it("orders what is below a frame by width and has every frame below exactly one", () => {
    fc.assert(
      fc.property(loose, (spans) => {
        const frames = flameOf(skeletonOfLoose(spans));
        const seen: number[] = [];
        for (let frame = NO_FRAME; frame < frames.count; frame += 1) {
          const widths = [...framesBelow(frames, frame)].map((child) => frames.workUs[child] ?? 0);
          expect(widths).toEqual([...widths].sort((a, b) => b - a));
          seen.push(...framesBelow(frames, frame));
        }
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: frames.count }, (_, frame) => frame));
      }),
    );
  });

  it("leaves out what is not kept and counts the rest as before", () => {
    const kept = keepWithAncestors(page, (span) => (page.spanDurationUs[span] ?? 0) === 25);
    const frames = flameOf(page, kept);
    expect([...frames.spanCount]).toEqual([1, 1, 1, 1, 1]);
    expect([...frames.ofSpan].filter((frame) => frame === NO_FRAME)).toHaveLength(8);
    const slowest = Uint8Array.from(page.spanDurationUs, (durationUs) => (durationUs === 25 ? 1 : 0));
    expect([...markFrames(frames, slowest)]).toEqual([1, 1, 2, 1, 2]);
  });

  it("has no frame for an empty trace", () => {
    expect(flameOf(skeletonOfLoose([])).count).toBe(0);
  });

  it("takes a chain of 20,000 and 5,000 siblings", () => {
    const chain = flameOf(
      skeletonOfLoose(
        Array.from({ length: 20_000 }, (_, at) => ({ parent: at, start: at, duration: 40_000 - 2 * at, name: "f" })),
      ),
    );
    expect(chain.count).toBe(20_000);
    expect(chain.depth[19_999]).toBe(19_999);
    expect(layOutFlame(chain, 1000).rows).toBeGreaterThan(19_000);
    const wide = flameOf(
      skeletonOfLoose(
        Array.from({ length: 5_000 }, (_, at) => ({
          parent: at === 0 ? 0 : 1,
          start: at,
          duration: 1,
          name: `f${at}`,
        })),
      ),
    );
    const boxes = layOutFlame(wide, 1000);
    expect(boxes.count).toBeLessThan(10);
    expect(boxes.frame[boxes.count - 1]).toBe(REST);
    expect(sum(boxes.members)).toBe(5_000);
  });
});

describe("layOutFlame", () => {
  const shapes = fc.tuple(loose, fc.integer({ min: 1, max: 2000 }), fc.nat({ max: 20 }));

  type Row = { from: number; to: number; frame: number; parent: number; box: number };
  const rowsOf = (boxes: FlameBoxes): Row[][] =>
    Array.from({ length: boxes.rows }, (_, row) =>
      Array.from({ length: (boxes.rowStart[row + 1] ?? 0) - (boxes.rowStart[row] ?? 0) }, (_, at) => {
        const box = (boxes.rowStart[row] ?? 0) + at;
        const [from, to] = [boxes.fromPx[box] ?? -1, boxes.toPx[box] ?? -1];
        return { from, to, frame: boxes.frame[box] ?? NO_FRAME, parent: boxes.parent[box] ?? NO_FRAME, box };
      }),
    );
  const NEARLY = 0.01;

  it("keeps the boxes of a row apart, inside the width and below what they are part of, and finds each by its place", () => {
    fc.assert(
      fc.property(shapes, ([spans, widthPx, at]) => {
        const frames = flameOf(skeletonOfLoose(spans));
        const boxes = layOutFlame(frames, widthPx, at < frames.count ? at : NO_FRAME);
        const rows = rowsOf(boxes);
        for (const [depth, row] of rows.entries()) {
          const ends = [0, ...row.map(({ to }) => to)];
          for (const [place, { from, to, parent, box }] of row.entries()) {
            expect(from).toBeGreaterThanOrEqual((ends[place] ?? 0) - NEARLY);
            expect(to).toBeLessThanOrEqual(widthPx + NEARLY);
            expect(boxAt(boxes, depth, (from + to) / 2)).toBe(box);
            const above = rows[depth - 1]?.find(({ frame }) => frame === parent) ?? { from: 0, to: widthPx };
            expect(from).toBeGreaterThanOrEqual(above.from - NEARLY);
            expect(to).toBeLessThanOrEqual(above.to + NEARLY);
          }
        }
      }),
    );
  });

  it("draws no frame narrower than can be pointed at, and tells those together", () => {
    fc.assert(
      fc.property(shapes, ([spans, widthPx]) => {
        const frames = flameOf(skeletonOfLoose(spans));
        fc.pre(frames.totalUs > 0);
        const drawn = rowsOf(layOutFlame(frames, widthPx)).flat();
        for (const { from, to, frame } of drawn)
          if (frame !== REST) expect(to - from).toBeGreaterThanOrEqual(LEAST_FRAME_PX - NEARLY);
      }),
    );
  });

  it("fills the width with the frame it is zoomed to and leaves its callers out", () => {
    const frames = flameOf(page);
    const boxes = layOutFlame(frames, 400, 1);
    expect([...boxes.frame]).toEqual([1, 2]);
    expect(boxes.toPx[0]).toBe(400);
    expect(boxes.toPx[1]).toBeCloseTo((400 * 105) / 400);
    expect(boxAt(boxes, 1, 399)).toBe(-1);
    expect(boxAt(boxes, 7, 1)).toBe(-1);
  });

  it("shows a trace of no duration", () => {
    const frames = flameOf(skeletonOf({ name: "ping", children: [{ name: "a" }, { name: "b" }] }));
    const boxes = layOutFlame(frames, 100);
    expect(boxes.count).toBe(3);
    expect([...boxes.toPx]).toEqual([100, 50, 100]);
  });

  it("has no rows without a width or without spans", () => {
    expect(layOutFlame(flameOf(page), 0).rows).toBe(0);
    expect(layOutFlame(flameOf(skeletonOfLoose([])), 100).rows).toBe(0);
  });
});
