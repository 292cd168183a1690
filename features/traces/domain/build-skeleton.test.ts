import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSkeleton } from "./build-skeleton";
import { computeSelfTime } from "./self-time";
import { decodeSkeleton, encodeSkeleton } from "./skeleton-wire";
import { SpanTable } from "./span-table";
import { computeFacts, computeVersion } from "./trace-facts";
import { hasFlag, NO_PARENT, rowOf, spanIdOf, type TraceSkeleton } from "./trace-skeleton";

type Span = { id: number; parent?: number; start: number; duration: number; isError?: boolean; group?: number };

function tableOf(spans: readonly Span[]): SpanTable {
  const table = new SpanTable();
  for (const { id, parent = 0, start, duration, isError = false, group = 0 } of spans) {
    table.add({
      idHigh: 7,
      idLow: id,
      parentHigh: parent === 0 ? 0 : 7,
      parentLow: parent,
      startUs: start,
      endUs: start + duration,
      name: `span ${id % 5}`,
      detail: "",
      waitsFor: "",
      kind: 1,
      category: id % 7,
      flags: isError ? 1 : 0,
      group,
      scope: -1,
      byteStart: 0,
      byteEnd: 0,
    });
  }
  return table;
}

const build = (spans: readonly Span[]) => buildSkeleton(tableOf(spans), ["web", "db"]);
const idsOf = (trace: TraceSkeleton) =>
  Array.from({ length: trace.spanCount }, (_, row) => Number.parseInt(spanIdOf(trace, row)?.slice(8) ?? "", 16));

const BIG = 100_000;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Every shape a trace can take, the broken ones included. */
const TRACE_SHAPES: [shape: string, spans: Span[]][] = [
  ["empty", []],
  ["single", [{ id: 1, start: 5, duration: 10 }]],
  ["deep chain", range(BIG).map((at) => ({ id: at + 1, parent: at, start: at, duration: BIG - at }))],
  ["reversed deep chain", range(BIG).map((at) => ({ id: BIG - at, parent: BIG - at - 1, start: 0, duration: 1 }))],
  ["wide", range(BIG).map((at) => ({ id: at + 1, ...(at === 0 ? {} : { parent: 1 }), start: at, duration: 3 }))],
  ["only orphans", range(50).map((at) => ({ id: at + 1, parent: 9999, start: at, duration: 1 }))],
  ["its own parent", [{ id: 1, parent: 1, start: 0, duration: 1 }]],
  ["one big cycle", range(BIG).map((at) => ({ id: at + 1, parent: at === 0 ? BIG : at, start: at, duration: 1 }))],
  [
    "many cycles with tails",
    range(3000).flatMap((at) => [
      { id: 3 * at + 1, parent: 3 * at + 2, start: 0, duration: 1 },
      { id: 3 * at + 2, parent: 3 * at + 3, start: 5, duration: 1 },
      { id: 3 * at + 3, parent: 3 * at + 2, start: 4, duration: 1 },
    ]),
  ],
  ["one id for all", range(1000).map((at) => ({ id: 1, parent: 1, start: at, duration: 1 }))],
  [
    "zero and negative durations",
    [
      { id: 1, start: 9, duration: 0 },
      { id: 2, parent: 1, start: 9, duration: -5 },
    ],
  ],
  [
    "a child before its parent",
    [
      { id: 1, start: 100, duration: 10 },
      { id: 2, parent: 1, start: 40, duration: 5 },
    ],
  ],
  [
    "hours long",
    [
      { id: 1, start: 1.79e15, duration: 4e10 },
      { id: 2, parent: 1, start: 1.79e15 + 3.9e10, duration: 1 },
    ],
  ],
];

const spanArbitrary = fc.record({
  id: fc.integer({ min: 1, max: 30 }),
  parent: fc.integer({ min: 0, max: 33 }),
  start: fc.integer({ min: 0, max: 1000 }),
  duration: fc.integer({ min: -10, max: 1000 }),
  isError: fc.boolean(),
  group: fc.integer({ min: -1, max: 2 }),
});

/** What holds of every skeleton, whatever the spans were. */
function expectSound(trace: TraceSkeleton, spanCount: number): void {
  expect(trace.spanCount).toBe(spanCount);
  const { parent, subtreeEnd } = trace;
  const isTree = parent.every(
    (above, row) => above < row && (above === NO_PARENT || (subtreeEnd[row] ?? 0) <= (subtreeEnd[above] ?? 0)),
  );
  expect(isTree).toBe(true);
  expect(trace.spanStartUs.every((value) => value >= 0)).toBe(true);
  expect(trace.spanDurationUs.every((value) => value >= 0)).toBe(true);
  const rootCount = parent.filter((above) => above === NO_PARENT).length;
  expect(trace.childCount.reduce((a, b) => a + b, rootCount)).toBe(spanCount);
}

describe("buildSkeleton", () => {
  for (const [shape, spans] of TRACE_SHAPES) {
    it(`keeps every span and stays a tree in depth-first order: ${shape}`, () => {
      const { skeleton, sourceRows } = build(spans);
      expectSound(skeleton, spans.length);
      expect(new Set(sourceRows).size).toBe(spans.length);
      const arrived = decodeSkeleton(encodeSkeleton(skeleton, { maxIds: spans.length }));
      expect(isDeepStrictEqual(arrived, skeleton)).toBe(true);
    });
  }

  it("keeps every span of any set of spans, however they point at each other", () => {
    fc.assert(
      fc.property(fc.array(spanArbitrary, { maxLength: 60 }), (spans) => {
        const { skeleton } = build(spans);
        expectSound(skeleton, spans.length);
        expect(idsOf(skeleton).sort()).toEqual(spans.map(({ id }) => id).sort());
      }),
    );
  });

  it("builds the same rows in whatever order the spans come, those that share their ids, too", () => {
    const few = { id: fc.integer({ min: 1, max: 3 }), parent: fc.integer({ min: 0, max: 3 }) };
    const short = { start: fc.constantFrom(0, 5), duration: fc.constantFrom(0, 5, 10) };
    const crowded = fc.record({ ...few, ...short, isError: fc.boolean() });
    const any = fc.oneof(fc.array(spanArbitrary, { maxLength: 40 }), fc.array(crowded, { maxLength: 12 }));
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.double({ noNaN: true })), (spans, random) => {
        const shuffled = spans.map((span) => [random.next().value ?? 0, span] as const).sort(([a], [b]) => a - b);
        const again = build(shuffled.map(([, span]) => span)).skeleton;
        const { skeleton } = build(spans);
        expect(idsOf(again)).toEqual(idsOf(skeleton));
        expect(computeVersion(again)).toBe(computeVersion(skeleton));
      }),
    );
  });

  it("stands siblings in order of start, children right below their parent", () => {
    const { skeleton } = build([
      { id: 3, parent: 1, start: 30, duration: 1 },
      { id: 4, parent: 2, start: 25, duration: 1 },
      { id: 2, parent: 1, start: 20, duration: 9 },
      { id: 1, start: 10, duration: 50 },
    ]);
    expect(idsOf(skeleton)).toEqual([1, 2, 4, 3]);
    expect([...skeleton.depth]).toEqual([0, 1, 2, 1]);
    expect([...skeleton.subtreeEnd]).toEqual([4, 3, 3, 4]);
  });

  it("keeps the origin at the earliest span even when that span is not the root", () => {
    const { skeleton } = build([
      { id: 1, start: 100, duration: 10 },
      { id: 2, parent: 1, start: 40, duration: 5 },
    ]);
    expect(skeleton).toMatchObject({ startUs: 40, durationUs: 70 });
    expect(hasFlag(skeleton, 1, "skewed")).toBe(true);
  });

  it("puts a child below the span of its parent's id that it ran in, else below the earliest", () => {
    const { skeleton } = build([
      { id: 1, start: 0, duration: 100 },
      { id: 2, parent: 1, start: 10, duration: 10 },
      { id: 2, parent: 1, start: 30, duration: 30 },
      { id: 3, parent: 2, start: 35, duration: 20 },
      { id: 4, parent: 2, start: 12, duration: 2 },
      { id: 5, parent: 2, start: 90, duration: 5 },
      // Both sides of one call under one id: the client's side stands for both.
      { id: 6, parent: 1, start: 62, duration: 20 },
      { id: 6, parent: 1, start: 64, duration: 16 },
      { id: 7, parent: 6, start: 65, duration: 5 },
    ]);
    const startOfParent = (id: number) => {
      const row = idsOf(skeleton).indexOf(id);
      return skeleton.spanStartUs[skeleton.parent[row] ?? NO_PARENT];
    };
    expect([3, 4, 5, 7].map(startOfParent)).toEqual([30, 10, 10, 62]);
  });

  it("cuts a cycle at its earliest span and marks it", () => {
    const { skeleton } = build([
      { id: 1, parent: 3, start: 20, duration: 1 },
      { id: 2, parent: 1, start: 10, duration: 1 },
      { id: 3, parent: 2, start: 30, duration: 1 },
    ]);
    expect(idsOf(skeleton)).toEqual([2, 3, 1]);
    expect([0, 1, 2].map((row) => hasFlag(skeleton, row, "cycle"))).toEqual([true, true, true]);
  });
});

describe("computeFacts", () => {
  it("counts errors, orphans and spans per service", () => {
    const { skeleton } = build([
      { id: 1, start: 0, duration: 9 },
      { id: 2, parent: 1, start: 1, duration: 1, isError: true, group: 1 },
      { id: 3, parent: 77, start: 2, duration: 1 },
    ]);
    expect(computeFacts(skeleton)).toMatchObject({
      rootService: "web",
      rootOperation: "span 1",
      errorSpanCount: 1,
      orphanSpanCount: 1,
      maxDepth: 1,
      services: [
        { name: "db", spanCount: 1, errorSpanCount: 1 },
        { name: "web", spanCount: 2, errorSpanCount: 0 },
      ],
    });
  });

  it("names no root when only orphans arrived", () => {
    expect(computeFacts(build([{ id: 1, parent: 5, start: 0, duration: 1 }]).skeleton).rootService).toBe("");
  });
});

describe("computeSelfTime", () => {
  it("counts overlapping children once and nothing outside the parent", () => {
    const { skeleton } = build([
      { id: 1, start: 0, duration: 100 },
      { id: 2, parent: 1, start: 10, duration: 30 },
      { id: 3, parent: 1, start: 20, duration: 30 },
      { id: 4, parent: 1, start: 90, duration: 500 },
    ]);
    expect([...computeSelfTime(skeleton)]).toEqual([50, 30, 30, 500]);
  });

  it("stays between nothing and the span's own duration", () => {
    fc.assert(
      fc.property(fc.array(spanArbitrary, { maxLength: 40 }), (spans) => {
        const { skeleton } = build(spans);
        computeSelfTime(skeleton).forEach((selfUs, row) => {
          expect(selfUs).toBeGreaterThanOrEqual(0);
          expect(selfUs).toBeLessThanOrEqual(skeleton.spanDurationUs[row] ?? 0);
        });
      }),
    );
  });
});

describe("rowOf", () => {
  it("finds each row by the id it prints, and nothing else", () => {
    const { skeleton } = build(range(20).map((at) => ({ id: at + 1, parent: at, start: at, duration: 1 })));
    for (const row of range(20)) expect(rowOf(skeleton, spanIdOf(skeleton, row) ?? "")).toBe(row);
    expect(rowOf(skeleton, "ffffffffffffffff")).toBeUndefined();
    expect(rowOf(skeleton, "nonsense")).toBeUndefined();
  });
});

describe("decodeSkeleton", () => {
  const wire = encodeSkeleton(build([{ id: 1, start: 0, duration: 1 }]).skeleton, { maxIds: 10 });

  it("refuses columns of another length than the trace", () => {
    expect(() => decodeSkeleton({ ...wire, spanCount: 2 })).toThrow(RangeError);
    expect(() => decodeSkeleton({ ...wire, kind: "" })).toThrow(RangeError);
  });

  it("leaves the ids out of a trace with more spans than asked", () => {
    expect(encodeSkeleton(build([{ id: 1, start: 0, duration: 1 }]).skeleton, { maxIds: 0 }).spanIds).toBeNull();
  });
});

it("packs the same with the base64 of Node as with its own", () => {
  const spans = Array.from({ length: 700 }, (_, at) => ({ id: at + 1, start: at * 977, duration: at * 31 }));
  const { skeleton } = build(spans);
  const ofNode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const own = encodeSkeleton(skeleton, { maxIds: 1000 });
  expect(encodeSkeleton(skeleton, { maxIds: 1000, base64: ofNode })).toEqual(own);
});
