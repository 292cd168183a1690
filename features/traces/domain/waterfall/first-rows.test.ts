import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import type { TraceSkeleton } from "../trace-skeleton";
import { DRAWN_WIDTH, type FirstRows, firstRowsOf } from "./first-rows";
import { computeTracePlan } from "./trace-plan";

const page: SpanSpec = {
  name: "GET /users",
  duration: 1_000_000,
  children: [
    { name: "load", start: 0, duration: 100_000 },
    {
      name: "render",
      start: 400_000,
      duration: 600_000,
      children: Array.from({ length: 60 }, (_, at) => ({
        name: "SELECT cards",
        start: 400_000 + at * 10_000,
        duration: 9_000,
        isError: at === 7,
      })),
    },
  ],
};

function chain(depth: number): SpanSpec {
  let spec: SpanSpec = { name: "call 0", duration: depth };
  for (let at = 1; at < depth; at += 1) spec = { name: `call ${at}`, duration: depth, children: [spec] };
  return spec;
}

const manyOf = (name: (at: number) => string) =>
  Array.from({ length: 3_000 }, (_, at) => ({ name: name(at), start: at * 3, duration: 2 }));

const TRACE_SHAPES: [shape: string, spans: SpanSpec[]][] = [
  ["empty", []],
  ["single", [{ name: "one", duration: 7 }]],
  ["without time", [{ name: "at once", duration: 0, children: [{ name: "at once too", duration: 0 }] }]],
  ["deep", [chain(3_000)]],
  ["alike siblings", [{ name: "root", duration: 9_000, children: manyOf(() => "call") }]],
  ["different siblings", [{ name: "root", duration: 9_000, children: manyOf((at) => `call ${at}`) }]],
  ["forest", manyOf((at) => `root ${at}`)],
  ["long names", [{ name: "n".repeat(100_000), detail: "d".repeat(100_000), duration: 1 }]],
];

const firstOf = (trace: TraceSkeleton, search = "") =>
  firstRowsOf({ skeleton: trace, facts: { skewedSpanCount: 0 } }, computeTracePlan(trace), new URLSearchParams(search));
const told = (first: FirstRows | undefined) =>
  first?.rows.map(
    ({ level, name, kind, spans }) => `${" ".repeat(level)}${kind === "group" ? `${spans} × ` : ""}${name}`,
  );

describe("firstRowsOf", () => {
  it("tells what the waterfall tells: folds as one row, gaps, levels", () => {
    expect(told(firstOf(skeletonOf([page])))).toEqual([
      "GET /users",
      " load",
      " unaccounted",
      " render",
      "  60 × SELECT cards",
    ]);
  });

  it("marks what failed, what is open, the largest fold, and how much of the path goes through a row", () => {
    const rows = firstOf(skeletonOf([page]))?.rows ?? [];
    expect(rows.map(({ isOpen }) => isOpen)).toEqual([true, null, null, true, false]);
    expect(rows.at(-1)).toMatchObject({ isHero: true, isFailed: true, durationUs: 540_000, pathUs: 540_000 });
    expect(rows[0]).toMatchObject({ pale: [0, DRAWN_WIDTH], pathUs: 1_000_000 });
  });

  it("follows the switches, folds and window of the address", () => {
    const trace = skeletonOf([page]);
    const open = firstOf(trace, "off=similar.path&zoom=0-500000");
    expect(open).toMatchObject({ rowCount: 64, hasPath: false, zoom: { fromUs: 0, toUs: 500_000 } });
    expect(open?.rows).toHaveLength(40);
  });

  it("says nothing where the address shows something else first", () => {
    const trace = skeletonOf([page]);
    for (const search of ["view=flame", "span=at-30", "find=SELECT", "only=1", "hide=web"])
      expect(firstOf(trace, search), search).toBeUndefined();
  });

  it("leaves out own work in too many stretches rather than draw some of it as all", () => {
    const children = Array.from({ length: 100 }, (_, at) => ({ name: `step ${at}`, start: at * 100, duration: 50 }));
    const [root] = firstOf(skeletonOf([{ name: "root", duration: 10_000, children }]))?.rows ?? [];
    expect(root).toMatchObject({ pale: [0, DRAWN_WIDTH], solid: [] });
  });

  it("keeps every place within the drawing, ascending, and little to send, whatever the trace", () => {
    for (const [shape, spans] of TRACE_SHAPES) {
      const trace = skeletonOf(spans);
      const first = firstOf(trace);
      expect(first?.spanCount, shape).toBe(trace.spanCount);
      for (const { solid, pale } of first?.rows ?? []) {
        for (const place of [...solid, ...(pale ?? [])]) {
          expect(place >= 0 && place <= DRAWN_WIDTH, `${shape}: ${place}`).toBe(true);
        }
      }
      expect(JSON.stringify(first).length, shape).toBeLessThan(60_000);
    }
  });
});
