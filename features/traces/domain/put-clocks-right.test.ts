import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, tableOf } from "@/tests/support/skeleton-of";
import { buildSkeleton } from "./build-skeleton";
import { movedUs } from "./clock-shifts";
import { putClocksRight } from "./put-clocks-right";
import { NO_PARENT, spanIdOf, type TraceSkeleton } from "./trace-skeleton";
import { computeClockAgreement } from "./verdict/clock-agreement";

const YEAR_US = 365 * 24 * 3600e6;
const rightOf = (spec: SpanSpec): TraceSkeleton => {
  const { table, services } = tableOf(spec);
  return putClocksRight(table, services).skeleton;
};
const rawOf = (spec: SpanSpec): TraceSkeleton => {
  const { table, services } = tableOf(spec);
  return buildSkeleton(table, services).skeleton;
};
const startsOf = (trace: TraceSkeleton) =>
  Object.fromEntries(
    Array.from(trace.spanStartUs, (us, row) => [
      trace.names[trace.nameIndex[row] ?? 0],
      trace.startUs - 1_000_000 + us,
    ]),
  );

/** GET /buy calls stock (20 to 60 ms) and renders; the server of stock has a clock that is off. */
const skewedBy = (byUs: number): SpanSpec => ({
  name: "GET /buy",
  kind: "server",
  duration: 100_000,
  children: [
    {
      name: "stock",
      kind: "client",
      start: 20_000,
      duration: 40_000,
      children: [
        {
          name: "GET /stock",
          service: "stock",
          kind: "server",
          start: 25_000 + byUs,
          duration: 30_000,
          children: [{ name: "SELECT", kind: "client", start: 30_000 + byUs, duration: 20_000 }],
        },
      ],
    },
    { name: "render", start: 70_000, duration: 20_000 },
  ],
});

const anyFields = {
  name: fc.constantFrom("a", "b", "c"),
  service: fc.constantFrom("web", "api", "jobs"),
  kind: fc.constantFrom("server", "client", "producer", "consumer", "internal"),
  start: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(YEAR_US), fc.constant(-YEAR_US)),
  duration: fc.integer({ min: 0, max: 1000 }),
} as const;
const anyTree = fc.letrec<{ span: SpanSpec; leaf: SpanSpec; node: SpanSpec }>((tie) => ({
  leaf: fc.record(anyFields),
  node: fc.record({ ...anyFields, children: fc.array(tie("span"), { maxLength: 3 }) }),
  span: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("node")),
})).node;

describe("putClocksRight", () => {
  it.each([YEAR_US, -YEAR_US, 690_000, -28_300])(
    "moves a service whose clock is off by %i \u00b5s into its call",
    (byUs) => {
      const trace = rightOf(skewedBy(byUs));
      expect(startsOf(trace)).toEqual({
        "GET /buy": 0,
        stock: 20_000,
        "GET /stock": 25_000,
        SELECT: 30_000,
        render: 70_000,
      });
      expect(trace).toMatchObject({ startUs: 1_000_000, durationUs: 100_000, clockShifts: [{ row: 2, byUs: -byUs }] });
      expect([0, 1, 2, 3, 4].map((row) => movedUs(trace, row))).toEqual([0, 0, -byUs, -byUs, 0]);
      expect(computeClockAgreement(trace)).toEqual({ movedCount: 1, largestUs: Math.abs(byUs), pairCount: 1 });
    },
  );

  it("orders siblings by when they ran, not by when a wrong clock says they did", () => {
    const trace = rightOf({
      name: "root",
      duration: 100,
      children: [
        { name: "first", service: "a", start: -500, duration: 90 },
        { name: "second", start: 2, duration: 3 },
      ],
    });
    expect(Array.from(trace.nameIndex, (index) => trace.names[index])).toEqual(["root", "second", "first"]);
  });

  it("leaves a trace alone whose clocks agree, and work that outlives its answer", () => {
    for (const spec of [
      skewedBy(0),
      { name: "root", duration: 100, children: [{ name: "later", start: 90, duration: 500 }] },
    ]) {
      expect(rightOf(spec)).toEqual(rawOf(spec));
    }
  });

  it("moves whole subtrees alone: lengths, parents and what is inside stay as they are", () => {
    fc.assert(
      fc.property(anyTree, (spec) => {
        const [raw, right] = [rawOf(spec), rightOf(spec)];
        const rowById = new Map(Array.from(raw.parent, (_, row) => [spanIdOf(raw, row), row]));
        const rowsBefore = Array.from(right.parent, (_, row) => rowById.get(spanIdOf(right, row)) ?? -1);
        const parentOf = (trace: TraceSkeleton, row: number) => spanIdOf(trace, trace.parent[row] ?? NO_PARENT);
        for (const [row, before] of rowsBefore.entries()) {
          const startUs = right.startUs + (right.spanStartUs[row] ?? 0);
          expect(right.spanDurationUs[row]).toBe(raw.spanDurationUs[before]);
          expect(startUs - movedUs(right, row)).toBe(raw.startUs + (raw.spanStartUs[before] ?? 0));
          expect(parentOf(right, row)).toBe(parentOf(raw, before));
        }
      }),
    );
  });
});
