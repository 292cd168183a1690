import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import type { TraceSkeleton } from "../trace-skeleton";
import { keepWithAncestors, visibleSpans } from "../waterfall-rows";
import { makeFoldContexts, SWITCHES, type Switch } from "./fold-context";
import { findWay, locateSpan, locateSpans, parentIndex, rowAt } from "./locate-row";
import { placePath } from "./path-line";
import { computeTracePlan } from "./trace-plan";
import { type LayoutInput, layoutRows } from "./waterfall-layout";

const query = (start: number, duration = 5): SpanSpec => ({ name: "SELECT cards", start, duration });

/** 1 s: two short spans, a gap of 300 ms, a loop of 40 queries, one of which has something below it. */
const page: SpanSpec = {
  name: "GET /users",
  duration: 1_000_000,
  children: [
    { name: "GET session", start: 0, duration: 1000 },
    { name: "SELECT users", start: 1000, duration: 2000 },
    { name: "load", start: 10_000, duration: 90_000 },
    {
      name: "render",
      start: 400_000,
      duration: 600_000,
      children: [
        ...Array.from({ length: 40 }, (_, at) => query(400_000 + at * 15_000, 14_000)),
        { name: "log", start: 999_000, duration: 900, isError: true },
      ],
    },
  ],
};

function layoutOf(trace: TraceSkeleton, over: Partial<LayoutInput> = {}, off: Switch[] = []) {
  const contextFor = makeFoldContexts(trace, computeTracePlan(trace));
  const context = contextFor(new Set(SWITCHES.filter((name) => !off.includes(name))));
  const input: LayoutInput = {
    ...context,
    folds: new Uint8Array(trace.spanCount),
    openGroups: new Set(),
    openShorts: new Set(),
    missing: [],
    ...over,
  };
  return { context, input, layout: layoutRows(input) };
}

function told(trace: TraceSkeleton, over: Partial<LayoutInput> = {}, off: Switch[] = []): string[] {
  const { layout, context } = layoutOf(trace, over, off);
  return Array.from({ length: layout.count }, (_, index) => {
    const row = rowAt(layout, index);
    const { plan, shorts } = context;
    const indent = " ".repeat(layout.level[index] ?? 0);
    const name = (span: number) => trace.names[trace.nameIndex[span] ?? 0];
    if (row?.kind === "span") return `${indent}${name(row.ref)}`;
    if (row?.kind === "group") {
      const first = plan.groups.start[row.ref] ?? 0;
      return `${indent}${(plan.groups.start[row.ref + 1] ?? 0) - first} × ${name(plan.groups.rows[first] ?? 0)}`;
    }
    if (row?.kind === "short") return `${indent}${shorts.spans[row.ref]} short`;
    if (row?.kind === "gap") return `${indent}gap after ${name(plan.gaps.after[row.ref] ?? 0)}`;
    return `${indent}missing`;
  });
}

describe("layoutRows", () => {
  const trace = skeletonOf(page);

  it("tells similar siblings, short neighbours and gaps as one row each", () => {
    expect(told(trace)).toEqual([
      "GET /users",
      " 2 short",
      " load",
      " gap after load",
      " render",
      "  40 × SELECT cards",
      "  log",
    ]);
  });

  it("tells a fold in full when it is opened, one level below it", () => {
    const rows = told(trace, { openShorts: new Set([1]), openGroups: new Set([5]) });
    expect(rows.slice(0, 4)).toEqual(["GET /users", " 2 short", "  GET session", "  SELECT users"]);
    expect(rows.filter((row) => row === "   SELECT cards")).toHaveLength(40);
  });

  it("folds nothing that the reader has switched off", () => {
    expect(told(trace, {}, ["similar", "short"])).toHaveLength(trace.spanCount + 1);
  });

  it("hides what is below a folded span, its gaps too", () => {
    expect(
      told(trace, { folds: Uint8Array.from({ length: trace.spanCount }, (_, row) => (row === 0 ? 1 : 0)) }),
    ).toEqual(["GET /users"]);
  });

  it("shows a fold while one of its calls is kept by a filter, and no gaps", () => {
    const kept = keepWithAncestors(trace, (span) => span === 9);
    expect(told(trace, { kept })).toEqual(["GET /users", " render", "  40 × SELECT cards"]);
  });

  it("puts a step that is usually there at the end of its parent", () => {
    expect(told(trace, { missing: [{ parent: 3, path: 7 }] }).slice(2, 4)).toEqual([" load", "  missing"]);
  });

  it("never folds away what failed", () => {
    const failed = skeletonOf({
      name: "root",
      duration: 1000,
      children: [0, 1, 2].map((at) => ({ name: `s${at}`, start: at, duration: 1, isError: at === 1 })),
    });
    expect(told(failed)).toContain(" s1");
  });
});

const anySpan: fc.Arbitrary<SpanSpec> = fc.letrec<{ span: SpanSpec }>((tie) => ({
  span: fc.record(
    {
      name: fc.constantFrom("GET", "SELECT", "render", "SET"),
      start: fc.integer({ min: 0, max: 900 }),
      duration: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4000 })),
      kind: fc.constantFrom("internal" as const, "client" as const, "consumer" as const),
      isError: fc.boolean(),
      children: fc.array(tie("span"), { maxLength: 6 }),
    },
    { requiredKeys: ["name"] },
  ),
})).span;
const anyTrace = fc.array(anySpan, { minLength: 0, maxLength: 3 }).map((roots) => skeletonOf(roots));

describe("every trace", () => {
  it("shows every span once when all is open, as a plain tree when nothing folds", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const every = new Set(Array.from({ length: trace.spanCount }, (_, row) => row));
        const { layout } = layoutOf(trace, { openGroups: every, openShorts: every });
        for (let span = 0; span < trace.spanCount; span += 1) {
          expect(rowAt(layout, layout.indexOfSpan[span] ?? -1)).toEqual({ kind: "span", ref: span });
        }
        const plain = layoutOf(trace, {}, ["similar", "short"]).layout;
        const spans = [...plain.ref].filter((_, at) => plain.kind[at] === 0);
        expect(spans).toEqual([...visibleSpans(trace, new Uint8Array(trace.spanCount))]);
      }),
    );
  });

  it("has for every span a row it is seen in, and a way to its own", () => {
    fc.assert(
      fc.property(anyTrace, fc.boolean(), fc.nat(), (trace, isExact, seed) => {
        const { layout, context, input } = layoutOf(trace);
        const seen = locateSpans({ ...context, layout });
        for (let span = 0; span < trace.spanCount; span += 1)
          expect(locateSpan({ ...context, layout }, span)).toBe(seen[span]);
        expect(seen.every((row) => row >= 0)).toBe(true);
        // Four of them: each lays the rows out anew.
        const asked = trace.spanCount === 0 ? [] : [0, 31, 62, 93].map((at) => (seed + at) % trace.spanCount);
        for (const span of asked) {
          const way = findWay(context, span, isExact);
          const opened = layoutRows({ ...input, openGroups: new Set(way.groups), openShorts: new Set(way.shorts) });
          const row = rowAt(opened, locateSpan({ ...context, layout: opened }, span));
          expect(row?.kind === "span" || !isExact).toBe(true);
          if (row?.kind === "span") expect(row.ref).toBe(span);
        }
      }),
    );
  });

  it("knows of each row its place among its siblings", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { layout } = layoutOf(trace);
        const siblings = new Map<number, number[]>();
        for (let at = 0; at < layout.count; at += 1) {
          const parent = parentIndex(layout, at);
          siblings.set(parent, [...(siblings.get(parent) ?? []), at]);
        }
        for (const rows of siblings.values()) {
          expect(rows.map((at) => layout.position[at])).toEqual(rows.map((_, place) => place));
          for (const at of rows) expect(layout.setSize[at]).toBe(rows.length);
        }
      }),
    );
  });

  it("keeps the whole critical path in the rows, whatever is folded", () => {
    fc.assert(
      fc.property(anyTrace, fc.boolean(), (trace, folds) => {
        const { layout, context } = layoutOf(trace, folds ? { folds: new Uint8Array(trace.spanCount).fill(1) } : {});
        const { path } = context.plan;
        const line = placePath(context.plan, layout, locateSpans({ ...context, layout }));
        const sum = (from: Float64Array, to: Float64Array, count: number) =>
          Array.from({ length: count }, (_, at) => (to[at] ?? 0) - (from[at] ?? 0)).reduce((a, b) => a + b, 0);
        expect(sum(line.fromUs, line.toUs, line.count)).toBe(sum(path.fromUs, path.toUs, path.row.length));
        expect([...line.byRow].sort((a, b) => a - b)).toEqual([...line.byRow.keys()]);
      }),
    );
  });
});

describe("traces at the limits", () => {
  const chain = (length: number): SpanSpec => {
    let spec: SpanSpec = { name: "leaf", start: 0, duration: 1 };
    for (let at = 1; at < length; at += 1) spec = { name: `level ${at % 7}`, start: 0, duration: at, children: [spec] };
    return spec;
  };
  const wide = (count: number): SpanSpec => ({
    name: "root",
    duration: count * 10,
    children: Array.from({ length: count }, (_, at) => ({ name: `call ${at % 3}`, start: at * 10, duration: 9 })),
  });
  const shapes: [string, TraceSkeleton][] = [
    ["empty", skeletonOf([])],
    ["a single span of no duration", skeletonOf({ name: "x", duration: 0 })],
    ["a chain of 20,000", skeletonOf(chain(20_000))],
    ["20,000 siblings", skeletonOf(wide(20_000))],
    [
      "a clock a year off",
      skeletonOf({ name: "a", duration: 10, children: [{ name: "b", start: 31_536_000_000_000, duration: 5 }] }),
    ],
  ];

  it.each(shapes)("lays out %s", (_, trace) => {
    const { layout, context } = layoutOf(trace);
    expect(layout.count).toBeGreaterThanOrEqual(Math.min(1, trace.spanCount));
    for (let span = 0; span < trace.spanCount; span += 997)
      expect(locateSpan({ ...context, layout }, span)).toBeGreaterThanOrEqual(0);
  });
});
