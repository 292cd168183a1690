import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import { computeSelfTime } from "../self-time";
import { sumCriticalPaths } from "./aggregate-path";
import { flameSchema } from "./aggregate-path-schema";
import { foldTrace } from "./fold-trace";
import { PathTree } from "./path-tree";
import { splitRequests } from "./split-requests";

function sampleOf(specs: SpanSpec[]) {
  const tree = new PathTree();
  const traces = specs.map((spec, at) => {
    const trace = skeletonOf(spec);
    return foldTrace({ traceId: `t${at}`, trace, onPathUs: computeSelfTime(trace) }, tree);
  });
  return { nodes: tree.nodes, traces };
}

const request = (queryUs: number, renderUs: number): SpanSpec => ({
  name: "GET /",
  duration: queryUs + renderUs + 10,
  children: [
    { name: "render", start: queryUs, duration: renderUs },
    { name: "query", start: 0, duration: queryUs },
  ],
});

describe("sumCriticalPaths", () => {
  it("sums the same steps of all traces, in the order they run, with the traces that spent most there", () => {
    const flame = flameSchema.parse(sumCriticalPaths(sampleOf([request(100, 50), request(300, 20)])));
    expect(flame.totalUs).toBe(490);
    expect(flame.frames.map(({ name, parent, totalUs }) => [name, parent, totalUs])).toEqual([
      ["GET /", -1, 490],
      ["query", 0, 400],
      ["render", 0, 70],
    ]);
    expect(flame.frames[1]?.exemplars.map(({ traceId }) => traceId)).toEqual(["t1", "t0"]);
  });

  it("counts every microsecond once, narrow branches in the rest of the step they hang above", () => {
    const steps = fc.array(
      fc.record({ name: fc.constantFrom("a", "b", "c"), us: fc.oneof(fc.nat(3), fc.nat(50_000)) }),
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 6 }), (requests) => {
        const specs = requests.map((parts): SpanSpec => {
          let at = 0;
          const children = parts.map(({ name, us }) => {
            at += us;
            return { name, start: at - us, duration: us };
          });
          return { name: "root", duration: at + 1, children };
        });
        const flame = sumCriticalPaths(sampleOf(specs));
        const whole = specs.reduce((sum, { duration = 0 }) => sum + duration, 0);
        expect(flame.totalUs).toBe(whole);
        expect(flame.frames.reduce((sum, { ownUs, restUs }) => sum + ownUs + restUs, 0)).toBe(whole);
        for (const { restUs } of flame.frames) expect(restUs).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("has no frames without traces", () => {
    expect(sumCriticalPaths(sampleOf([]))).toEqual({ totalUs: 0, traceCount: 0, frames: [] });
  });
});

describe("splitRequests", () => {
  it("splits each request by its steps, slowest first; the same step in two places is one", () => {
    const twice: SpanSpec = {
      name: "GET /",
      duration: 500,
      children: [
        { name: "query", start: 0, duration: 200 },
        { name: "render", start: 200, duration: 290, children: [{ name: "query", start: 210, duration: 100 }] },
      ],
    };
    const splits = splitRequests(sampleOf([request(100, 50), twice]));
    expect(splits.map(({ traceId, durationUs }) => [traceId, durationUs])).toEqual([
      ["t1", 500],
      ["t0", 160],
    ]);
    expect(splits[0]?.steps.map(({ name, ownUs }) => [name, ownUs])).toEqual([
      ["query", 300],
      ["render", 190],
      ["GET /", 10],
    ]);
    expect(splitRequests(sampleOf([]))).toEqual([]);
  });
});
