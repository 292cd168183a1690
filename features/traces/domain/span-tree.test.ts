import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childCount, computeSpanTree, type SpanTimes } from "./span-tree";
import { findNextSpan, foldBelow, keepWithAncestors, unfoldTo, visibleRows, withFold } from "./waterfall-rows";

function trace(rows: [parent: number, startUs: number, durationUs: number][]): SpanTimes {
  return {
    parent: Int32Array.from(rows, ([parent]) => parent),
    startUs: Float64Array.from(rows, ([, startUs]) => startUs),
    durationUs: Float64Array.from(rows, ([, , durationUs]) => durationUs),
  };
}

const anyTrace = fc
  .array(fc.tuple(fc.integer({ min: -2, max: 60 }), fc.integer({ min: 0, max: 1000 }), fc.nat(500)), { maxLength: 60 })
  .map(trace);

describe("computeSpanTree", () => {
  it("reads parents before children and siblings by their start", () => {
    const tree = computeSpanTree(
      trace([
        [-1, 0, 100],
        [0, 50, 10],
        [0, 10, 20],
        [2, 12, 3],
      ]),
    );
    expect([...tree.order]).toEqual([0, 2, 3, 1]);
    expect([...tree.depth]).toEqual([0, 1, 1, 2]);
    expect([...tree.subtreeSize]).toEqual([4, 1, 2, 1]);
  });

  it("gives an empty tree for an empty trace", () => {
    expect(computeSpanTree(trace([])).count).toBe(0);
  });

  it("shows a cycle as a root at its earliest span and loses nobody", () => {
    const tree = computeSpanTree(
      trace([
        [2, 30, 1],
        [0, 10, 1],
        [1, 20, 1],
      ]),
    );
    expect([...tree.order]).toEqual([1, 2, 0]);
    expect([...tree.depth]).toEqual([2, 0, 1]);
  });

  it("survives a chain of 100,000 calls and 100,000 siblings", () => {
    const count = 100_000;
    const times = { startUs: Float64Array.from({ length: count }, (_, i) => i), durationUs: new Float64Array(count) };
    const chain = computeSpanTree({ ...times, parent: Int32Array.from({ length: count }, (_, i) => i - 1) });
    expect(chain.maxDepth).toBe(count - 1);
    const wide = computeSpanTree({ ...times, parent: new Int32Array(count).map((_, i) => (i === 0 ? -1 : 0)) });
    expect(childCount(wide, 0)).toBe(count - 1);
  });

  it("places every span of any input once, children inside their parent's stretch", () => {
    fc.assert(
      fc.property(anyTrace, (spans) => {
        const tree = computeSpanTree(spans);
        expect([...tree.order].sort((a, b) => a - b)).toEqual([...tree.order.keys()]);
        for (let span = 0; span < tree.count; span += 1) {
          const above = tree.parent[span] ?? -1;
          if (above < 0) continue;
          const offset = (tree.position[span] ?? 0) - (tree.position[above] ?? 0);
          expect(offset).toBeGreaterThan(0);
          expect(offset).toBeLessThan(tree.subtreeSize[above] ?? 0);
          expect(tree.depth[span]).toBe((tree.depth[above] ?? 0) + 1);
        }
      }),
    );
  });
});

describe("waterfall rows", () => {
  const tree = computeSpanTree(
    trace([
      [-1, 0, 100],
      [0, 1, 9],
      [1, 2, 3],
      [0, 20, 5],
      [-1, 50, 5],
    ]),
  );
  const open = new Uint8Array(tree.count);

  it("hides what is below a fold and nothing else", () => {
    expect([...visibleRows(tree, withFold(open, 1, true))]).toEqual([0, 1, 3, 4]);
    expect([...visibleRows(tree, foldBelow(tree, 1))]).toEqual([0, 4]);
    expect([...visibleRows(tree, foldBelow(tree, 2))]).toEqual([0, 1, 3, 4]);
  });

  it("keeps the way to a match when filtering", () => {
    const kept = keepWithAncestors(tree, (span) => span === 2);
    expect([...visibleRows(tree, open, kept)]).toEqual([0, 1, 2]);
  });

  it("opens every fold above a span and leaves the others", () => {
    const folds = withFold(withFold(withFold(open, 0, true), 1, true), 4, true);
    expect([...unfoldTo(tree, folds, 2)]).toEqual([0, 0, 0, 0, 1]);
    expect(unfoldTo(tree, open, 2)).toBe(open);
  });

  it("goes on from the start when the last match is behind", () => {
    const isWanted = (span: number) => span === 1 || span === 3;
    expect(findNextSpan(tree, undefined, 1, isWanted)).toBe(1);
    expect(findNextSpan(tree, 3, 1, isWanted)).toBe(1);
    expect(findNextSpan(tree, 1, -1, isWanted)).toBe(3);
    expect(findNextSpan(tree, 1, 1, () => false)).toBeUndefined();
  });
});
