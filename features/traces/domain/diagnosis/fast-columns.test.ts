import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "@/tests/support/seeded-random";
import { skeletonOf } from "@/tests/support/skeleton-of";
import { pushChildrenByEnd } from "./critical-path";
import { groupSteps } from "./step-groups";
import { type Timeline, toTimeline } from "./timeline";

/** A tree by the parent of each span after the first, and the shape of every span. */
const anyTree = fc
  .array(fc.record({ up: fc.integer({ min: 0, max: 30 }), shape: fc.integer({ min: 0, max: 13 }) }), { maxLength: 120 })
  .map((spans) => {
    const parents = spans.map(({ up }, at) => Math.max(0, at - up));
    type Node = { name: string; start: number; duration: number; children: Node[] };
    const nodes: Node[] = [{ name: "0", start: 0, duration: 1e6, children: [] }];
    for (const [at, parent] of parents.entries()) {
      const node = { name: String(spans[at]?.shape), start: at, duration: 1e6 - 2 * at, children: [] };
      nodes[parent]?.children.push(node);
      nodes.push(node);
    }
    return skeletonOf(nodes[0] as Node);
  });

/** The nodes of each chain of shapes from the root, chains in the order of their first. */
function plainGroups({ count, parent, rows }: Timeline, shapes: Int32Array): number[][] {
  const chains: string[] = [];
  const byChain = new Map<string, number[]>();
  for (let node = 0; node < count; node += 1) {
    const chain = `${chains[parent[node] ?? -1] ?? ""}/${shapes[rows[node] ?? 0]}`;
    chains[node] = chain;
    byChain.set(chain, [...(byChain.get(chain) ?? []), node]);
  }
  return [...byChain.values()];
}

describe("groupSteps", () => {
  it("gives nodes of one chain of shapes one group, as looking each chain up by its text does", () => {
    fc.assert(
      fc.property(anyTree, (trace) => {
        const timeline = toTimeline(trace);
        const shapes = Int32Array.from(trace.nameIndex);
        const { groups, groupOf } = groupSteps(timeline, shapes, trace.names.length + 1);
        const plain = plainGroups(timeline, shapes);
        expect(groups.map(({ nodes }) => nodes)).toEqual(plain);
        const aboveOf = ({ nodes }: (typeof groups)[number]) => timeline.parent[nodes[0] ?? 0] ?? -1;
        expect(groups.map(({ parent }) => parent)).toEqual(groups.map((group) => groupOf[aboveOf(group)] ?? -1));
        expect(groups.every(({ nodes }, group) => nodes.every((node) => groupOf[node] === group))).toBe(true);
      }),
    );
  });
});

describe("pushChildrenByEnd", () => {
  it.each([900, 3_000])("sorts %i siblings by end, those that end together by start", (count) => {
    const random = seededRandom(count);
    const children = Array.from({ length: count }, (_, at) => ({
      name: "call",
      start: at,
      duration: random.between(1, 400) * 10 - at,
    }));
    const timeline = toTimeline(skeletonOf({ name: "root", duration: 1e6, children }));
    const sorted: number[] = [];
    pushChildrenByEnd(timeline, 0, sorted);
    const { endUs } = timeline;
    const plain = Array.from({ length: count }, (_, at) => at + 1).sort(
      (a, b) => (endUs[a] ?? 0) - (endUs[b] ?? 0) || a - b,
    );
    expect(sorted).toEqual(plain);
    expect(new Set(sorted.map((child) => endUs[child])).size).toBeLessThan(count);
  });
});
