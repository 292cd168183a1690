import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServiceMapReply } from "../facts/service-map-schema";
import { findInMap, onlyShown } from "./map-find";
import { labelLines, placeLabels, pointAlong, toEdgePath } from "./map-labels";
import { countCrossings, layerServices } from "./map-layers";
import { FULL_SIZE, layOutMap, scrollToShow } from "./map-layout";

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

/** 300 services: six gateways, each with fifty behind it, which call a database of their gateway. */
const manyServices = {
  nodes: [0, 1, 2, 3, 4, 5].flatMap((at) => [
    node(`gateway-${at}`, 1000),
    ...Array.from({ length: 48 }, (_, no) => node(`svc-${at}-${no}`, no)),
    node(`db-${at}`),
  ]),
  edges: [0, 1, 2, 3, 4, 5].flatMap((at) =>
    Array.from({ length: 48 }, (_, no) => [
      edge(`gateway-${at}`, `svc-${at}-${no}`),
      edge(`svc-${at}-${no}`, `db-${at}`),
    ]).flat(),
  ),
};

describe("findInMap", () => {
  it("finds by any part of a name, the exact one first, then what begins so, then the busiest", () => {
    const { nodes, edges } = manyServices;
    expect(findInMap({ nodes, edges }, "  GATE ", undefined)?.matches).toHaveLength(6);
    expect(findInMap({ nodes, edges }, "svc-1-4", undefined)?.matches.slice(0, 3)).toEqual([
      "svc-1-4",
      "svc-1-47",
      "svc-1-46",
    ]);
    expect(findInMap({ nodes, edges }, "  ", undefined)).toBeUndefined();
    expect(findInMap({ nodes, edges }, "nobody", undefined)).toMatchObject({ matches: [], active: undefined });
  });

  it("lets what was found stand out, and whom the one that is meant calls and is called by", () => {
    const found = findInMap(manyServices, "svc-2-1", "svc-2-17");
    expect(found?.active).toBe("svc-2-17");
    expect(found?.neighbours).toEqual(new Set(["gateway-2", "db-2"]));
    expect(found?.shown.has("svc-2-1")).toBe(true);
    expect(found?.shown.has("svc-3-1")).toBe(false);
    // A name that is no longer found means the first again.
    expect(findInMap(manyServices, "svc-2-1", "gateway-0")?.active).toBe("svc-2-1");
  });

  it("leaves of the map what stands out, with the calls among it", () => {
    const found = findInMap(manyServices, "svc-2-17", undefined);
    const only = onlyShown(manyServices, found?.shown ?? new Set());
    expect(only.nodes.map(({ service }) => service).sort()).toEqual(["db-2", "gateway-2", "svc-2-17"]);
    expect(only.edges.map(({ parent, child }) => `${parent} ${child}`)).toEqual([
      "gateway-2 svc-2-17",
      "svc-2-17 db-2",
    ]);
  });
});

describe("layOutMap of many services", () => {
  it("draws 300 small, each at a place of its own", () => {
    const { nodes, size, height } = layOutMap(manyServices);
    expect(nodes).toHaveLength(300);
    expect(size.boxHeight).toBeLessThan(FULL_SIZE.boxHeight);
    for (const [at, a] of nodes.entries())
      for (const b of nodes.slice(at + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= size.boxHeight).toBe(true);
    expect(height).toBeLessThan(3500);
  });
});

describe("layOutMap", () => {
  it("gives 3 to 60 services a place each that no other overlaps, cycles too", () => {
    fc.assert(
      fc.property(graph, (map) => {
        const { nodes, edges, width, height } = layOutMap(map);
        expect(nodes.map(({ service }) => service).sort()).toEqual(map.nodes.map(({ service }) => service).sort());
        for (const [at, a] of nodes.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(0);
          expect(a.y).toBeGreaterThanOrEqual(0);
          expect(a.x + FULL_SIZE.boxWidth).toBeLessThanOrEqual(width);
          expect(a.y + FULL_SIZE.boxHeight).toBeLessThanOrEqual(height);
          for (const b of nodes.slice(at + 1))
            expect(a.x !== b.x || Math.abs(a.y - b.y) >= FULL_SIZE.boxHeight).toBe(true);
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
    expect(lane < (jobs?.y ?? 0) || lane > (jobs?.y ?? 0) + FULL_SIZE.boxHeight).toBe(true);
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

describe("scrollToShow", () => {
  const map = { width: 1600, height: 900, size: FULL_SIZE };
  const frame = { width: 1200, height: 500 };

  it("stays at the first column while the box, and those it calls, are in sight there", () => {
    expect(scrollToShow({ x: 314, y: 100 }, map, frame)).toEqual({ left: 0, top: 0 });
  });

  it("goes as far as the box and the next column need, and never past the box", () => {
    const { left, top } = scrollToShow({ x: 1214, y: 700 }, map, frame);
    expect(left).toBe(400);
    expect(top).toBe(400);
    expect(scrollToShow({ x: 314, y: 100 }, map, { width: 200, height: 500 }).left).toBe(300);
  });
});
