import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import type { UsualReply } from "../paths/usual-schema";
import { toBase64, toVarints } from "../skeleton-wire";
import { computeTracePlan } from "./trace-plan";
import { newnessOf, placeOnStrip, toUsualOfTrace, usualOfGap, usualOfGroup, usualOfSpan } from "./usual-rows";

const around = (p50Us: number) => ({
  p5Us: p50Us * 0.5,
  p50Us,
  p95Us: p50Us * 2,
  p99Us: p50Us * 3,
  maxUs: p50Us * 4,
});
const step = (name: string, parent: number, callUs: number, { ownUs = callUs, calls = 1 } = {}) => ({
  service: "web",
  name,
  detail: "",
  parent,
  presentIn: 20,
  newIn: null,
  calls: { p50: calls, p95: calls, max: calls },
  totalUs: around(callUs * calls),
  ownUs: around(ownUs * calls),
  callUs: around(callUs),
});

// A page of 100 ms that takes 2 s now: 30 queries instead of 3 do it, and a step nobody saw before.
const trace = skeletonOf({
  name: "GET /users",
  duration: 2_000_000,
  children: [
    ...Array.from({ length: 30 }, (_, at) => ({ name: "SELECT cards", start: at * 50_000, duration: 48_000 })),
    { name: "audit", start: 1_510_000, duration: 100_000, children: [{ name: "write", duration: 90_000 }] },
    { name: "layout", start: 1_700_000, duration: 12_000 },
  ],
});
const plan = computeTracePlan(trace);
const paths = [
  step("GET /users", -1, 100_000, { ownUs: 20_000 }),
  step("SELECT cards", 0, 12_000, { calls: 3 }),
  step("layout", 0, 12_000),
  step("cache", 0, 1000),
];
const pathOfRow = [0, ...new Array<number>(30).fill(1), -1, -1, 2];
const reply = (over: Partial<UsualReply["baseline"]> = {}): UsualReply => ({
  version: "v1",
  baseline: {
    rootService: "web",
    rootOperation: "GET /users",
    traceCount: 20,
    sinceUs: 0,
    untilUs: 0,
    durationUs: around(100_000),
    errorShare: 0,
    asOf: "",
    isRefreshing: false,
    ...over,
  },
  paths,
  pathOfRow: toBase64(toVarints(Uint32Array.from(pathOfRow, (path) => path + 1))),
  missing: [{ pathIndex: 3 }],
  drift: [],
});

function asked() {
  const usual = toUsualOfTrace(reply(), trace, "v1");
  if (usual === undefined) throw new Error("there is history");
  return { trace, plan, usual };
}

describe("toUsualOfTrace", () => {
  it("puts a missing step below the row of the step above it", () => {
    expect(asked().usual.missing).toEqual([{ parent: 0, path: 3 }]);
  });

  it("says nothing of too few traces, nor of another version's rows", () => {
    expect(toUsualOfTrace(reply({ traceCount: 4 }), trace, "v1")).toBeUndefined();
    expect(toUsualOfTrace(reply(), trace, "v2")).toBeUndefined();
  });
});

describe("what is usual of a row", () => {
  it("is high where the row itself explains the excess: calls that were never so many", () => {
    expect(usualOfGroup(asked(), 0)).toMatchObject({ kind: "known", rank: ">p99", tone: "high", calls: "usually 3 ×" });
  });

  it("points below where the rows below explain it", () => {
    const root = skeletonOf({
      name: "GET /users",
      duration: 2_000_000,
      children: [{ name: "x", duration: 1_990_000 }],
    });
    const own = { ...asked(), trace: root, plan: computeTracePlan(root) };
    expect(usualOfSpan(own, 0)).toMatchObject({ tone: "via", rank: ">p99" });
  });

  it("is plain for what takes as long as always", () => {
    expect(usualOfSpan(asked(), 33)).toMatchObject({ kind: "known", rank: "p50", tone: "plain" });
  });

  it("calls a step new where it is new, and tells what is below it apart", () => {
    expect(usualOfSpan(asked(), 31)).toEqual({ kind: "new", isFirst: true, release: null });
    expect(usualOfSpan(asked(), 32)).toEqual({ kind: "new", isFirst: false, release: null });
  });

  it("names the release that brought a step", () => {
    const brought = paths.map((path) => (path.name === "layout" ? { ...path, newIn: "v2" } : path));
    const own = { ...asked(), usual: { ...asked().usual, paths: brought } };
    expect(usualOfSpan(own, 33)).toEqual({ kind: "new", isFirst: true, release: "v2" });
  });

  it("holds a gap against what its parent usually works itself", () => {
    expect(plan.gaps.count).toBeGreaterThan(0);
    expect(usualOfGap(asked(), plan.gaps.count - 1)).toMatchObject({ tone: "high" });
  });
});

describe("placeOnStrip", () => {
  it("keeps the median at one place and everything inside", () => {
    expect(placeOnStrip(500, 500)).toBeCloseTo(0.36);
    expect(placeOnStrip(0, 500)).toBe(0);
    expect(placeOnStrip(1e12, 500)).toBe(1);
    expect(placeOnStrip(5, 0)).toBe(1);
  });
});

describe("newnessOf", () => {
  const usual = { traceCount: 20, paths: [], pathOfRow: Int32Array.from([-1, 0, 1, 2]), missing: [] };
  const of = (rows: readonly number[]) =>
    newnessOf({ ...usual, paths: [null, "v3", "v3"].map((newIn) => ({ ...step("x", -1, 1), newIn })) }, rows);
  // Row 0 belongs to no known path, row 1 to a known one, rows 2 and 3 to paths that v3 brought.

  it("names the release that brought all of the rows, and no release where only some come from it", () => {
    expect(of([2, 3])).toEqual({ release: "v3" });
    expect(of([0, 2])).toEqual({ release: null });
  });

  it("says nothing of rows some of which were there before, or of none", () => {
    expect(of([1, 2])).toBeUndefined();
    expect(of([])).toBeUndefined();
  });
});
