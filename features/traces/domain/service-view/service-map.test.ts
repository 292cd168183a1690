import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServiceMapReply } from "../facts/service-map-schema";
import { labelLines, placeLabels, pointAlong, toEdgePath } from "./map-labels";
import { countCrossings, layerServices } from "./map-layers";
import { layOutMap, MAP_BOX } from "./map-layout";

type Node = ServiceMapReply["nodes"][number];
type Edge = ServiceMapReply["edges"][number];

const node = (service: string, requestCount = 10): Node => ({
  service,
  isRemote: false,
  requestCount,
  begunCount: requestCount,
  errorCount: 0,
  perSecond: 1,
  p95Us: 1000,
  sampledCount: 1,
  traceCount: 1,
});
const edge = (parent: string, child: string, over: Partial<Edge> = {}): Edge => ({
  parent,
  child,
  callCount: 10,
  perSecond: 46.2,
  sampledCalls: 10,
  errorShare: 0,
  p95Us: 3100,
  perTrace: 1,
  ...over,
});
const graph = fc
  .tuple(fc.integer({ min: 3, max: 60 }), fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 140 }))
  .map(([count, pairs]) => ({
    nodes: Array.from({ length: count }, (_, at) => node(`s${at}`, at)),
    edges: [...new Set(pairs.map(([a, b]) => `s${a % count} s${b % count}`))].map((pair) => {
      const [a = "", b = ""] = pair.split(" ");
      return edge(a, b);
    }),
  }));

describe("layOutMap", () => {
  it("gives 3 to 60 services a place each that no other overlaps, cycles too", () => {
    fc.assert(
      fc.property(graph, (map) => {
        const { nodes, edges, width, height } = layOutMap(map);
        expect(nodes.map(({ service }) => service).sort()).toEqual(map.nodes.map(({ service }) => service).sort());
        for (const [at, a] of nodes.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(0);
          expect(a.y).toBeGreaterThanOrEqual(0);
          expect(a.x + MAP_BOX.width).toBeLessThanOrEqual(width);
          expect(a.y + MAP_BOX.height).toBeLessThanOrEqual(height);
          for (const b of nodes.slice(at + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= MAP_BOX.height).toBe(true);
        }
        expect(edges).toHaveLength(map.edges.length);
        for (const drawn of edges) expect(toEdgePath(drawn)).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 60 },
    );
  });

  it("puts callers left of whom they call, and calls that close a cycle back", () => {
    const { nodes, edges } = layOutMap({
      nodes: [node("db"), node("web", 50), node("jobs")],
      edges: [edge("web", "jobs"), edge("jobs", "db"), edge("web", "db"), edge("db", "web"), edge("proxy", "web")],
    });
    const xOf = (name: string) => nodes.find(({ service }) => service === name)?.x ?? -1;
    expect(xOf("web")).toBeLessThan(xOf("jobs"));
    expect(xOf("jobs")).toBeLessThan(xOf("db"));
    expect(edges.filter(({ isBack }) => isBack)).toHaveLength(1);
  });

  it("leads an edge that passes a column around its boxes", () => {
    const edges = [edge("web", "jobs"), edge("jobs", "db"), edge("web", "db")];
    const map = layOutMap({ nodes: ["web", "jobs", "db"].map((name) => node(name)), edges });
    const long = map.edges.find(({ points }) => points.length > 2);
    const jobs = map.nodes.find(({ service }) => service === "jobs");
    const lane = long?.points[1]?.y ?? 0;
    expect(lane < (jobs?.y ?? 0) || lane > (jobs?.y ?? 0) + MAP_BOX.height).toBe(true);
  });

  it("takes crossings out that another order does not have", () => {
    const names = ["a", "b", "c", "x", "y", "z"];
    const layers = layerServices({
      nodes: names.map((name, at) => node(name, names.length - at)),
      edges: [edge("a", "z"), edge("b", "y"), edge("c", "x")],
    });
    expect(countCrossings(layers.columns, layers.joined, layers.columnOf)).toBe(0);
  });
});

describe("placeLabels", () => {
  it("says how often, what failed where something did, and how long", () => {
    expect(labelLines(edge("web", "db", { errorShare: 0.083 }))).toEqual([
      "46.2\u202f/s",
      "p95 3.1\u202fms",
      "8.3\u202f% failed",
    ]);
    expect(labelLines(edge("web", "db", { perSecond: null, perTrace: null, p95Us: null, errorShare: null }))).toEqual(
      [],
    );
  });

  it("lets no label stand on a box or another label, and gives failing edges theirs first", () => {
    const names = Array.from({ length: 30 }, (_, at) => `s${at}`);
    const edges = names
      .slice(1)
      .map((name, at) => edge("s0", name, at === 28 ? { errorShare: 0.5, callCount: 1 } : {}));
    const map = layOutMap({ nodes: names.map((name) => node(name)), edges });
    const labels = placeLabels(map.edges, map.nodes);
    expect(labels[0]).toMatchObject({ isBad: true, edge: { child: "s29" } });
    for (const [at, a] of labels.entries()) {
      for (const b of labels.slice(at + 1))
        expect(Math.abs(a.at.x - b.at.x) > 40 || Math.abs(a.at.y - b.at.y) >= 25).toBe(true);
    }
  });

  it("finds room for what fails between two boxes", () => {
    const failing = edge("web", "parser", { perSecond: 0.026, p95Us: 4_000_000, errorShare: 0.44 });
    const map = layOutMap({ nodes: [node("web"), node("parser")], edges: [failing] });
    const [label] = placeLabels(map.edges, map.nodes);
    expect(label?.lines).toHaveLength(3);
    expect(label?.isBad).toBe(true);
  });

  it("stands on the line it tells of", () => {
    const map = layOutMap({ nodes: [node("web"), node("db")], edges: [edge("web", "db")] });
    const [drawn] = map.edges;
    if (drawn === undefined) throw new Error("no edge");
    const at = pointAlong(drawn, 0.5);
    expect(at.y).toBe(drawn.points[0]?.y);
    expect(at.x).toBeGreaterThan(drawn.points[0]?.x ?? 0);
    expect(at.x).toBeLessThan(drawn.points[1]?.x ?? 0);
  });
});
