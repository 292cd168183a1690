import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import { binCalls, binOf, MAX_DRAWN_CALLS, markCalls, placeForWords } from "./call-strip";
import { parseFoldText, toFoldText } from "./fold-address";
import { makeFoldContexts, SWITCHES } from "./fold-context";
import { toLogsUrl } from "./logs-url";
import { findTurns, nextOnPath, placePath } from "./path-line";
import { compareAttributes } from "./similar-calls";
import { computeTracePlan, membersOf } from "./trace-plan";
import { widestBelow } from "./widest-below";

const calls = (count: number, overlap = 0) =>
  skeletonOf({
    name: "root",
    duration: count * 100,
    children: Array.from({ length: count }, (_, at) => ({
      name: "call",
      start: at * (100 - overlap),
      duration: 50 + overlap + (at === 2 ? 30 : 0),
    })),
  });

describe("a fold's numbers", () => {
  it("know the slowest call and how many ran at once", () => {
    const { groups } = computeTracePlan(calls(8));
    expect(groups.count).toBe(1);
    expect(groups.slowest[0]).toBe(3);
    expect(groups.concurrency[0]).toBe(1);
    expect(computeTracePlan(calls(8, 60)).groups.concurrency[0]).toBeGreaterThan(1);
  });
});

describe("markCalls", () => {
  it("puts each call where it ran, and overlapping ones into lanes of their own", () => {
    const trace = calls(6, 60);
    const rows = membersOf(computeTracePlan(trace).groups, 0);
    const marks = markCalls(trace, rows, { window: { fromUs: 0, toUs: trace.durationUs }, maxUs: 140, lanes: 5 });
    expect(marks).toHaveLength(6);
    expect(marks[0]).toMatchObject({ from: 0, lane: 0 });
    expect(marks[1]?.lane).toBe(1);
  });

  it("draws a bounded number of marks for any number of calls", () => {
    const trace = calls(5000);
    const rows = membersOf(computeTracePlan(trace).groups, 0);
    const window = { fromUs: 0, toUs: trace.durationUs };
    expect(markCalls(trace, rows, { window, maxUs: 80, lanes: 1 }).length).toBeLessThanOrEqual(MAX_DRAWN_CALLS);
  });
});

describe("placeForWords", () => {
  const mark = (from: number, height = 1) => ({ from, to: from + 0.04, height, lane: 0 });

  it("stands beside the longest where the calls after it are low", () => {
    expect(placeForWords([mark(0.1), mark(0.2, 1), mark(0.26, 0.1)], 0.24, 0.08)).toBe(0.24);
  });

  it("stands after the last where all calls are as long as the longest: beside it nobody could read it", () => {
    const marks = [0.1, 0.15, 0.2, 0.25].map((from) => mark(from));
    expect(placeForWords(marks, 0.14, 0.08)).toBeCloseTo(0.29);
  });

  it("stands nowhere when there is no room", () => {
    const marks = Array.from({ length: 20 }, (_, at) => mark(at / 20));
    expect(placeForWords(marks, 0.34, 0.08)).toBeUndefined();
    expect(placeForWords([], 0.97, 0.08)).toBe(0);
  });

  it("stands nowhere while the longest is not in the window, beside other calls or none", () => {
    expect(placeForWords([mark(0.1)], -0.2, 0.08)).toBeUndefined();
    expect(placeForWords([mark(0.1)], 1.4, 0.08)).toBeUndefined();
    expect(placeForWords([], 3.2, 0.08)).toBeUndefined();
  });
});

describe("binCalls", () => {
  it("counts every call in one bin", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 50 }), (durations) => {
        const trace = { spanStartUs: new Float64Array(durations.length), spanDurationUs: Float64Array.from(durations) };
        const histogram = binCalls(trace, Int32Array.from(durations.keys()), 30);
        expect(histogram?.counts.reduce((a, b) => a + b, 0)).toBe(durations.length);
        for (const durationUs of durations) {
          const bin = binOf(durationUs, histogram ?? { fromUs: 0, toUs: 0 }, histogram?.counts.length ?? 1);
          expect(histogram?.counts[bin]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("has nothing to say without calls", () => {
    expect(binCalls(calls(1), new Int32Array(0), 30)).toBeUndefined();
  });
});

describe("the folds in an address", () => {
  it("open the same folds", () => {
    const trace = calls(30);
    const rows = fc.uniqueArray(fc.nat(trace.spanCount - 1), { maxLength: 20 });
    fc.assert(
      fc.property(rows, rows, rows, (folded, groups, shorts) => {
        const folds = new Uint8Array(trace.spanCount);
        for (const row of folded) folds[row] = 1;
        const state = { folds, openGroups: new Set(groups), openShorts: new Set(shorts) };
        const back = parseFoldText(trace, toFoldText(trace, state));
        expect([...back.folds]).toEqual([...folds]);
        expect(back.openGroups).toEqual(new Set(groups));
        expect(back.openShorts).toEqual(new Set(shorts));
      }),
    );
  });

  it.each(["", "x", "v~zzzzzzz", "1~f0", "~~~", "v~l9", "v~f!"])("open nothing for %s", (text) => {
    const state = parseFoldText(calls(30), text);
    expect(state.folds.includes(1)).toBe(false);
    expect(state.openGroups.size + state.openShorts.size).toBe(0);
  });

  it("tell levels as a number, however many spans they fold", () => {
    const deep = skeletonOf(
      Array.from({ length: 500 }, () => ({
        name: "a",
        duration: 9,
        children: [{ name: "b", children: [{ name: "c" }] }],
      })),
    );
    const folds = Uint8Array.from(deep.depth, (depth) => (depth === 0 || depth === 1 ? 1 : 0));
    expect(toFoldText(deep, { folds, openGroups: new Set(), openShorts: new Set() })).toMatch(/^\w+~l1$/);
  });
});

describe("the critical path through the rows", () => {
  const trace = skeletonOf({
    name: "root",
    duration: 100,
    children: [
      { name: "a", start: 10, duration: 30 },
      { name: "b", start: 50, duration: 40 },
    ],
  });
  const line = placePath(computeTracePlan(trace), { count: 3, indexOfGap: new Int32Array(0) }, Int32Array.of(0, 1, 2));

  it("turns where it moves to another row", () => {
    const turns = findTurns(line, { from: 0, to: 3 }, { fromUs: 0, toUs: 100, leastUs: 0 });
    expect(turns.map(({ atUs, top, bottom }) => [atUs, top, bottom])).toEqual([
      [10, 0, 1],
      [40, 0, 1],
      [50, 0, 2],
      [90, 0, 2],
    ]);
  });

  it("tells a loop between two rows by where it begins and ends", () => {
    const loop = calls(20);
    const plan = computeTracePlan(loop);
    const rowOf = Int32Array.from({ length: loop.spanCount }, (_, span) => Math.min(1, span));
    const folded = placePath(plan, { count: 2, indexOfGap: new Int32Array(0) }, rowOf);
    expect(findTurns(folded, { from: 0, to: 2 }, { fromUs: 0, toUs: 2000, leastUs: 100 })).toEqual([
      { atUs: 50, top: 0, bottom: 1 },
      { atUs: 1950, top: 0, bottom: 1 },
    ]);
  });

  it("runs through the row of a gap rather than through its parent", () => {
    const gappy = skeletonOf({ name: "root", duration: 9000, children: [{ name: "a", duration: 3000 }] });
    const through = placePath(computeTracePlan(gappy), { count: 3, indexOfGap: Int32Array.of(2) }, Int32Array.of(0, 1));
    expect([...through.row.subarray(0, through.count)]).toEqual([1, 2]);
  });

  it("is walked stretch by stretch, around the end, both ways", () => {
    expect(nextOnPath(line, undefined, 1)).toBe(0);
    expect(nextOnPath(line, 0, 1)).toBe(1);
    expect(nextOnPath(line, 0, -1)).toBe(3);
    expect(nextOnPath({ ...line, count: 0 }, undefined, 1)).toBeUndefined();
  });
});

describe("widestBelow", () => {
  it("counts similar children together and goes to their slowest", () => {
    const trace = skeletonOf({
      name: "root",
      duration: 1000,
      children: [
        { name: "one", start: 0, duration: 150 },
        ...Array.from({ length: 5 }, (_, at) => ({
          name: "many",
          start: 200 + at * 100,
          duration: at === 3 ? 80 : 60,
        })),
      ],
    });
    const context = makeFoldContexts(trace, computeTracePlan(trace))(new Set(SWITCHES));
    expect(widestBelow(context, { kind: "span", ref: 0 })).toEqual({ span: 5, isExact: false });
    expect(widestBelow(context, { kind: "span", ref: 1 })).toBeUndefined();
    expect(widestBelow(context, undefined)).toBeUndefined();
  });
});

describe("toLogsUrl", () => {
  it("puts ids and times in, encoded, with a second to either side", () => {
    const template = "https://logs.example/q?t={traceId}&s={spanId}&from={start}&to={end}&x={other}";
    expect(toLogsUrl(template, { traceId: "a b", spanId: "c&d", startUs: 5_000_500, endUs: 6_000_500 })).toBe(
      "https://logs.example/q?t=a%20b&s=c%26d&from=4000&to=7001&x={other}",
    );
  });
});

describe("compareAttributes", () => {
  it("tells what is the same in all calls from what differs, absence included", () => {
    const { same, differs } = compareAttributes([
      new Map([
        ["db", "pg"],
        ["id", "1"],
      ]),
      new Map([
        ["db", "pg"],
        ["id", "2"],
      ]),
      new Map([["db", "pg"]]),
    ]);
    expect(same).toEqual(["db"]);
    expect(differs).toEqual([
      { key: "id", distinct: 3, values: expect.arrayContaining([{ text: "not there", count: 1 }]) },
    ]);
  });
});
