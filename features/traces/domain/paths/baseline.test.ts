import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import { computeSelfTime } from "../self-time";
import { buildBaseline, findCountDrift, matchPaths, missingSteps } from "./baseline";
import { foldTrace } from "./fold-trace";
import { decodePathOfRow, encodePathOfRow } from "./path-of-row";
import { NO_PATH, PathTree } from "./path-tree";
import { computeQuantiles, computeWeightedQuantiles, quantileOf, rankAmong } from "./quantiles";

const OPERATION = { rootService: "web", rootOperation: "GET /users/:id" };

function page({ queries, renderUs = 1000, extra = [] }: { queries: number; renderUs?: number; extra?: SpanSpec[] }) {
  const calls = Array.from({ length: queries }, (_, at) => ({
    name: "SELECT projects",
    kind: "client" as const,
    detail: `SELECT * FROM projects WHERE id = ${at}`,
    start: at * 100,
    duration: 80 + at,
  }));
  const render = { name: "render", start: queries * 100, duration: renderUs };
  return skeletonOf({
    name: "GET /users/:id",
    start: 0,
    duration: queries * 100 + renderUs,
    children: [...calls, render, ...extra],
  });
}

function baselineOf(traces: ReturnType<typeof page>[]) {
  const tree = new PathTree();
  const folded = traces.map((trace, at) =>
    foldTrace({ traceId: `t${at}`, trace, onPathUs: computeSelfTime(trace) }, tree),
  );
  return buildBaseline(OPERATION, { nodes: tree.nodes, traces: folded });
}

describe("buildBaseline", () => {
  it("says how often, how many and how long each step is", () => {
    const baseline = baselineOf([2, 2, 3, 4].map((queries) => page({ queries })));
    expect(baseline).toMatchObject({ traceCount: 4, errorShare: 0, durationUs: { maxUs: 1400 } });
    const select = baseline.tree.find(({ name }) => name === "SELECT projects");
    expect(select).toMatchObject({ presentIn: 4, calls: { p50: 2, max: 4 }, parent: 0 });
    expect(select?.totalUs).toMatchObject({ p50Us: 161, maxUs: 80 + 81 + 82 + 83 });
    expect(select?.callUs).toMatchObject({ p50Us: 81, maxUs: 83 });
  });

  it("is empty without traces, and finds nothing missing then", () => {
    const baseline = baselineOf([]);
    expect(baseline).toMatchObject({ traceCount: 0, tree: [], durationUs: { maxUs: 0 } });
    const trace = page({ queries: 1 });
    expect([...matchPaths(trace, baseline)]).toEqual([NO_PATH, NO_PATH, NO_PATH]);
    expect(missingSteps(trace, baseline)).toEqual([]);
    expect(findCountDrift(trace, matchPaths(trace, baseline), baseline)).toEqual([]);
  });

  it("keeps the largest call of a step whose calls are too many to keep", () => {
    const baseline = baselineOf([page({ queries: 500 })]);
    const select = baseline.tree.find(({ name }) => name === "SELECT projects");
    expect(select?.callUs.maxUs).toBe(579);
    expect(Math.abs((select?.callUs.p50Us ?? 0) - 330)).toBeLessThan(40);
  });
});

describe("findNewPaths", () => {
  const releases = (traces: [version: string, queries: number][]) => {
    const tree = new PathTree();
    const folded = traces.map(([version, queries], at) => {
      const trace = skeletonOf(
        {
          name: "GET /",
          duration: 100,
          children: Array.from({ length: queries }, () => ({ name: "SELECT", duration: 1 })),
        },
        { startUs: 1_000_000 + at },
      );
      const traits = version === "" ? {} : { "service.version": version };
      return foldTrace({ traceId: `t${at}`, trace, onPathUs: computeSelfTime(trace), traits }, tree);
    });
    const { tree: paths } = buildBaseline(OPERATION, { nodes: tree.nodes, traces: folded });
    return Object.fromEntries(paths.map(({ name, newIn }) => [name, newIn]));
  };
  const many = (version: string, queries: number, count = 10) =>
    Array.from({ length: count }, (): [string, number] => [version, queries]);

  it("names the release that brought a step", () => {
    expect(releases([...many("v1", 0), ...many("v2", 3), ...many("v3", 2)])).toEqual({ "GET /": null, SELECT: "v2" });
  });

  it("calls nothing new that an earlier release had once, that is rare, or that nothing came before", () => {
    expect(releases([["v1", 1], ...many("v1", 0), ...many("v2", 3)])).toMatchObject({ SELECT: null });
    expect(releases([...many("v1", 0), ["v2", 1], ...many("v2", 0)])).toMatchObject({ SELECT: null });
    expect(releases([...many("v1", 0, 4), ...many("v2", 3)])).toMatchObject({ SELECT: null });
    expect(releases(many("v1", 3))).toMatchObject({ SELECT: null });
    expect(releases([...many("", 0), ...many("v2", 3)])).toMatchObject({ SELECT: null });
  });
});

describe("a trace beside its baseline", () => {
  const baseline = baselineOf(Array.from({ length: 20 }, () => page({ queries: 6 })));

  it("shows steps that are new", () => {
    const trace = page({ queries: 6, extra: [{ name: "warm previews", start: 600, duration: 10 }] });
    const paths = matchPaths(trace, baseline);
    expect(trace.names[trace.nameIndex[[...paths].indexOf(NO_PATH)] ?? 0]).toBe("warm previews");
  });

  it("shows the topmost of the steps that are missing", () => {
    const trace = skeletonOf({ name: "GET /users/:id", duration: 10, children: [{ name: "render", duration: 10 }] });
    expect(missingSteps(trace, baseline).map((path) => baseline.tree[path]?.name)).toEqual(["SELECT projects"]);
    expect(missingSteps(page({ queries: 6 }), baseline)).toEqual([]);
  });

  it("shows steps called more often than ever before", () => {
    const trace = page({ queries: 220 });
    const [drift, ...rest] = findCountDrift(trace, matchPaths(trace, baseline), baseline);
    expect(drift).toMatchObject({ calls: 220, usual: { p50: 6, max: 6 } });
    expect(rest).toEqual([]);
  });
});

describe("decodePathOfRow", () => {
  it("gives back what was packed, and refuses another count of rows", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 6000 })), (paths) => {
        const packed = encodePathOfRow(Int32Array.from(paths));
        expect([...decodePathOfRow(packed, paths.length)]).toEqual(paths);
        expect(() => decodePathOfRow(packed, paths.length + 1)).toThrow(RangeError);
      }),
    );
  });
});

const durations = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 60 });

describe("quantiles", () => {
  it("are values that were seen, by nearest rank as the database has them", () => {
    expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantileOf([10, 20], 0.25)).toBe(10);
    expect(quantileOf([10, 20], 1)).toBe(20);
    expect(
      quantileOf(
        Array.from({ length: 100 }, (_, at) => at + 1),
        0.07,
      ),
    ).toBe(7);
    expect(quantileOf([1, 2, 3], 0)).toBe(1);
    expect(quantileOf([], 0.5)).toBe(0);
  });

  it("stand in order and inside the sample", () => {
    fc.assert(
      fc.property(durations, (values) => {
        for (const q of [
          computeQuantiles(values),
          computeWeightedQuantiles(values.map((value) => ({ value, weight: 1 }))),
        ]) {
          const row = [Math.min(...values), q.p5Us, q.p50Us, q.p95Us, q.p99Us, q.maxUs, Math.max(...values)];
          expect(row).toEqual([...row].sort((a, b) => a - b));
        }
      }),
    );
  });

  it("count a value as often as it weighs", () => {
    const sample = [
      { value: 1, weight: 99 },
      { value: 500, weight: 1 },
    ];
    expect(computeWeightedQuantiles(sample)).toMatchObject({ p50Us: 1, p99Us: 1, maxUs: 500 });
  });
});

describe("rankAmong", () => {
  it("never falls when the value grows, and is 100 at the largest seen and beyond all above it", () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e6 }), (values, a, more) => {
        const usual = computeQuantiles(values);
        expect(rankAmong(a + more, usual)).toBeGreaterThanOrEqual(rankAmong(a, usual));
        expect(rankAmong(usual.maxUs + 1, usual)).toBe(Number.POSITIVE_INFINITY);
        expect(rankAmong(a, usual)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("calls the middle of values that are all alike the middle", () => {
    expect(rankAmong(12, computeQuantiles([12, 12, 12]))).toBe(50);
  });

  it("gives the quantiles their own ranks", () => {
    const usual = { p5Us: 5, p50Us: 50, p95Us: 95, p99Us: 99, maxUs: 200 };
    expect([5, 50, 95, 99, 200].map((value) => rankAmong(value, usual))).toEqual([5, 50, 95, 99, 100]);
  });
});
