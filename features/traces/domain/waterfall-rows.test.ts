import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeTreeColumns } from "./trace-skeleton";
import {
  findNextSpan,
  findVisibleIndex,
  foldBelow,
  keepWithAncestors,
  unfoldTo,
  visibleSpans,
  withFold,
} from "./waterfall-rows";

function treeOf(parents: number[]) {
  const parent = Int32Array.from(parents);
  return { spanCount: parents.length, parent, ...computeTreeColumns(parent) };
}

/** Depth-first parents: each span hangs under the previous one or under one of that one's ancestors. */
const anyTree = fc.array(fc.nat(1000), { maxLength: 60 }).map((draws) => {
  const parents: number[] = [];
  for (const [span, draw] of draws.entries()) {
    const candidates = [-1];
    for (let above = span - 1; above >= 0; above = parents[above] ?? -1) candidates.push(above);
    parents.push(candidates[draw % candidates.length] ?? -1);
  }
  return treeOf(parents);
});

describe("visibleSpans", () => {
  const tree = treeOf([-1, 0, 1, 0, -1]);
  const open = new Uint8Array(tree.spanCount);

  it("hides what is below a fold and nothing else", () => {
    expect([...visibleSpans(tree, withFold(open, 1, true))]).toEqual([0, 1, 3, 4]);
    expect([...visibleSpans(tree, foldBelow(tree, 1))]).toEqual([0, 4]);
    expect([...visibleSpans(tree, foldBelow(tree, 2))]).toEqual([0, 1, 3, 4]);
  });

  it("keeps the way to a match when filtering", () => {
    const kept = keepWithAncestors(tree, (span) => span === 2);
    expect([...visibleSpans(tree, open, kept)]).toEqual([0, 1, 2]);
  });

  it("shows nothing of an empty trace", () => {
    expect(visibleSpans(treeOf([]), new Uint8Array(0))).toHaveLength(0);
  });

  it("shows a span exactly when no span above it is folded", () => {
    fc.assert(
      fc.property(anyTree, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (any, draws) => {
        const folds = Uint8Array.from({ length: any.spanCount }, (_, span) => (draws[span] ? 1 : 0));
        const expected: number[] = [];
        for (let span = 0; span < any.spanCount; span += 1) {
          let isHidden = false;
          for (let above = any.parent[span] ?? -1; above >= 0; above = any.parent[above] ?? -1)
            isHidden ||= folds[above] === 1;
          if (!isHidden) expected.push(span);
        }
        expect([...visibleSpans(any, folds)]).toEqual(expected);
      }),
    );
  });
});

describe("unfoldTo", () => {
  const tree = treeOf([-1, 0, 1, 0, -1]);

  it("opens every fold above a span and leaves the others", () => {
    const folds = Uint8Array.from([1, 1, 0, 0, 1]);
    expect([...unfoldTo(tree, folds, 2)]).toEqual([0, 0, 0, 0, 1]);
  });

  it("changes nothing when the span is visible", () => {
    const folds = new Uint8Array(tree.spanCount);
    expect(unfoldTo(tree, folds, 2)).toBe(folds);
  });
});

describe("findNextSpan", () => {
  const isWanted = (span: number) => span === 1 || span === 3;

  it("goes on from the other end when the last match is behind", () => {
    expect(findNextSpan(5, undefined, 1, isWanted)).toBe(1);
    expect(findNextSpan(5, 3, 1, isWanted)).toBe(1);
    expect(findNextSpan(5, 1, -1, isWanted)).toBe(3);
  });

  it("finds nothing where nothing is wanted, or where nothing is", () => {
    expect(findNextSpan(5, 1, 1, () => false)).toBeUndefined();
    expect(findNextSpan(0, undefined, 1, () => true)).toBeUndefined();
  });
});

describe("findVisibleIndex", () => {
  it("gives the row of a visible span, else of the visible span before it", () => {
    const visible = Int32Array.from([0, 1, 5, 9]);
    expect(findVisibleIndex(visible, 5)).toBe(2);
    expect(findVisibleIndex(visible, 7)).toBe(2);
    expect(findVisibleIndex(new Int32Array(0), 3)).toBe(-1);
  });
});
