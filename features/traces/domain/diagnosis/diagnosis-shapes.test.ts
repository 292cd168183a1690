import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSkeleton } from "../build-skeleton";
import { SpanTable } from "../span-table";
import type { TraceSkeleton } from "../trace-skeleton";
import { findCallGroups } from "./call-groups";
import { computeCriticalPath, type PathSegment } from "./critical-path";
import { diagnose } from "./diagnose";
import { findingsReplySchema, TRUST_KINDS } from "./finding";
import { recomputeDuration } from "./recompute-duration";
import { findMainRoot, toTimeline } from "./timeline";

type Span = { parent: number; start: number; duration: number; kind: number; name: number; service: number };

/** Ids are 1 + place in the list; a parent beyond the list is missing, one that comes back to itself is a cycle. */
function build(spans: readonly Span[]): TraceSkeleton {
  const table = new SpanTable();
  spans.forEach(({ parent, start, duration, kind, name, service }, at) => {
    table.add({
      idHigh: 0,
      idLow: at + 1,
      parentHigh: 0,
      parentLow: parent,
      startUs: start,
      endUs: start + duration,
      name: `work ${"abc"[name]}`,
      detail: name === 2 ? `SELECT * FROM t WHERE id = ${at}` : "",
      waitsFor: "",
      kind,
      category: name === 2 ? 1 : 0,
      flags: 0,
      group: service,
      scope: -1,
      byteStart: 0,
      byteEnd: 0,
    });
  });
  return buildSkeleton(table, ["web", "jobs"]).skeleton;
}

const YEAR_US = 365 * 24 * 3600 * 1e6;
const spanArbitrary = (size: number): fc.Arbitrary<Span> =>
  fc.record({
    parent: fc.integer({ min: 0, max: size + 1 }),
    start: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(YEAR_US)),
    duration: fc.integer({ min: 0, max: 60 }),
    kind: fc.integer({ min: 0, max: 5 }),
    name: fc.integer({ min: 0, max: 2 }),
    service: fc.integer({ min: 0, max: 1 }),
  });
const anyTrace = fc
  .integer({ min: 0, max: 14 })
  .chain((size) => fc.array(spanArbitrary(size), { minLength: size, maxLength: size }))
  .map(build);

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const one: Span = { parent: 0, start: 0, duration: 10, kind: 1, name: 0, service: 0 };
const BIG = 20_000;
const SHAPES: Record<string, TraceSkeleton> = {
  empty: build([]),
  "a single span": build([one]),
  "a span of no duration": build([{ ...one, duration: 0 }]),
  "20,000 deep": build(range(BIG).map((at) => ({ ...one, parent: at, start: at, duration: 2 * BIG - 2 * at }))),
  "20,000 in sequence": build([
    { ...one, duration: BIG * 10 },
    ...range(BIG).map((at) => ({ ...one, parent: 1, start: at * 10, duration: 9 })),
  ]),
  "20,000 at once": build([
    { ...one, duration: BIG * 10 },
    ...range(BIG).map((at) => ({ ...one, parent: 1, start: at % 17, duration: BIG * 9 - ((at * 7919) % 1000) })),
  ]),
  "a cycle": build([
    { ...one, parent: 2 },
    { ...one, parent: 1 },
  ]),
  "orphans only": build([
    { ...one, parent: 99 },
    { ...one, parent: 98, start: 3, duration: 90 },
  ]),
  "a child a year ahead": build([
    { ...one, kind: 3 },
    { ...one, parent: 1, kind: 2, start: YEAR_US, duration: 4, service: 1 },
  ]),
};

function expectCovers(trace: TraceSkeleton, segments: readonly PathSegment[]) {
  const root = findMainRoot(trace);
  const from = root === -1 ? 0 : (trace.spanStartUs[root] ?? 0);
  const to = root === -1 ? 0 : from + (trace.spanDurationUs[root] ?? 0);
  let reached = from;
  const isGapless = segments.every(({ fromUs, toUs }) => {
    const follows = fromUs === reached && toUs > fromUs;
    reached = toUs;
    return follows;
  });
  expect(isGapless).toBe(true);
  expect(reached).toBe(to);
}

describe("computeCriticalPath", () => {
  it("covers the root's time exactly, without overlap, whatever the trace", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { segments, ownUs } = computeCriticalPath(trace);
        expectCovers(trace, segments);
        const root = findMainRoot(trace);
        expect(ownUs.reduce((a, b) => a + b, 0)).toBe(root === -1 ? 0 : trace.spanDurationUs[root]);
      }),
      { numRuns: 400 },
    );
  });

  it.each(Object.entries(SHAPES))("covers the root of %s", (_, trace) => {
    expectCovers(trace, computeCriticalPath(trace).segments);
  });

  it("goes into the child that finished last, and not into one nobody waited for", () => {
    const trace = build([
      { ...one, duration: 100 },
      { ...one, parent: 1, start: 10, duration: 30 },
      { ...one, parent: 1, start: 10, duration: 60, name: 1 },
      { ...one, parent: 1, start: 20, duration: 80, kind: 5, service: 1 },
    ]);
    expect(computeCriticalPath(trace).segments.map(({ row, fromUs, toUs }) => [row, fromUs, toUs])).toEqual([
      [0, 0, 10],
      [2, 10, 70],
      [0, 70, 100],
    ]);
  });
});

describe("toTimeline", () => {
  it("keeps every child a parent waits for inside its parent, siblings by start", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { count, parent, startUs, endUs, isAsync, subtreeEnd } = toTimeline(trace);
        const at = (column: ArrayLike<number>, node: number) => column[node] ?? Number.NaN;
        for (let node = 1; node < count; node += 1) {
          const above = at(parent, node);
          const isWaitedFor = at(isAsync, node) === 0;
          expect(at(endUs, node)).toBeGreaterThanOrEqual(at(startUs, node));
          expect(above).toBeLessThan(node);
          expect(at(subtreeEnd, above)).toBeGreaterThanOrEqual(at(subtreeEnd, node));
          expect(isWaitedFor && at(startUs, node) < at(startUs, above)).toBe(false);
          expect(isWaitedFor && at(endUs, node) > at(endUs, above)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("recomputeDuration", () => {
  const rootOf = (trace: TraceSkeleton) => trace.spanDurationUs[findMainRoot(trace)] ?? 0;
  const rowSet = fc.uniqueArray(fc.integer({ min: 0, max: 14 }));

  it("changes nothing when nothing is removed", () => {
    fc.assert(fc.property(anyTrace, (trace) => recomputeDuration(trace, () => undefined) === rootOf(trace)));
    fc.assert(
      fc.property(anyTrace, (trace) => recomputeDuration(trace, (row) => trace.spanDurationUs[row]) === rootOf(trace)),
    );
  });

  it("is never negative, never longer than before, and never longer for removing more", () => {
    fc.assert(
      fc.property(anyTrace, rowSet, rowSet, (trace, some, others) => {
        const fewer = recomputeDuration(trace, (row) => some.includes(row));
        const more = recomputeDuration(trace, (row) => some.includes(row) || others.includes(row));
        expect(more).toBeGreaterThanOrEqual(0);
        expect(fewer).toBeLessThanOrEqual(rootOf(trace));
        expect(more).toBeLessThanOrEqual(fewer);
      }),
      { numRuns: 400 },
    );
  });

  it("moves what waited for a call, and leaves what ran beside it", () => {
    const trace = build([
      { ...one, duration: 100 },
      { ...one, parent: 1, start: 10, duration: 40 },
      { ...one, parent: 1, start: 20, duration: 20, name: 1 },
      { ...one, parent: 1, start: 55, duration: 30, name: 2 },
    ]);
    expect(recomputeDuration(trace, (row) => row === 1)).toBe(90);
    expect(recomputeDuration(trace, (row) => row === 2)).toBe(100);
    expect(recomputeDuration(trace, (row) => row === 3)).toBe(70);
    expect(recomputeDuration(trace, (row) => (row === 3 ? 5 : undefined))).toBe(75);
  });

  it.each(Object.entries(SHAPES))("takes every span but the root out of %s", (_, trace) => {
    const root = findMainRoot(trace);
    expect(recomputeDuration(trace, (row) => row !== root)).toBeLessThanOrEqual(root === -1 ? 0 : rootOf(trace));
  });
});

describe("findCallGroups", () => {
  it("puts each row in one group of its parent, sums and all", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const groups = findCallGroups(trace, { minCount: 1 });
        expect(groups.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(range(trace.spanCount));
        for (const { parent, rows, count, sumUs, p50Us, maxUs } of groups) {
          expect(rows.map((row) => trace.parent[row])).toEqual(rows.map(() => parent));
          expect(count).toBe(rows.length);
          expect(p50Us).toBeLessThanOrEqual(maxUs);
          expect(sumUs).toBe(rows.reduce((sum, row) => sum + (trace.spanDurationUs[row] ?? 0), 0));
        }
      }),
    );
  });

  it("groups statements with other values and wrappers of the same call, interleaved too", () => {
    const spans = range(6).flatMap((at): Span[] => [
      { ...one, parent: 1, start: at * 10, duration: 4 },
      { ...one, parent: at * 3 + 2, start: at * 10, duration: 3, name: 2 },
      { ...one, parent: 1, start: at * 10 + 5, duration: 4, name: 1 },
    ]);
    const groups = findCallGroups(build([{ ...one, duration: 60 }, ...spans]));
    expect(groups.map(({ count, isSequential }) => [count, isSequential])).toEqual([
      [6, true],
      [6, true],
    ]);
  });
});

describe("diagnose", () => {
  function expectSound(trace: TraceSkeleton) {
    const { verdict, findings, rows, spanCounts, savedDurationsUs } = diagnose(trace, {
      expectedSpanCount: trace.spanCount + 1,
    });
    expect(() =>
      findingsReplySchema.parse({ verdict, findings, evidence: { version: "1", rows, spanCounts, savedDurationsUs } }),
    ).not.toThrow();
    expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBe(verdict.durationUs);
    expect(verdict.unexplainedUs).toBeGreaterThanOrEqual(0);
    const firstTrust = findings.findIndex(({ kind }) => TRUST_KINDS.has(kind));
    const trust = firstTrust === -1 ? [] : findings.slice(firstTrust);
    expect(trust.every(({ kind }) => TRUST_KINDS.has(kind))).toBe(true);
  }

  it("adds up and agrees with its schema, whatever the trace", () => {
    fc.assert(
      fc.property(anyTrace, fc.constantFrom(1, 50_000), (trace, scale) => expectSound(stretch(trace, scale))),
      {
        numRuns: 400,
      },
    );
  });

  it.each(Object.entries(SHAPES))("adds up for %s", (_, trace) => expectSound(trace));
});

/** The same trace, slower. A clock a year off stays a year off: stretched too, it would leave what a number can hold. */
function stretch(trace: TraceSkeleton, scale: number): TraceSkeleton {
  return {
    ...trace,
    spanStartUs: trace.spanStartUs.map((us) => (us < YEAR_US / 2 ? us * scale : us)),
    spanDurationUs: trace.spanDurationUs.map((us) => us * scale),
  };
}
