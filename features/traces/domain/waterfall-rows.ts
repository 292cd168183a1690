import { childCount, type SpanTree } from "./span-tree";

/** Which spans are folded: 1 hides everything below. Indexed by span; never changed in place. */
export type Folds = Uint8Array;

/**
 * The spans a reader sees, top to bottom. `kept`, when given, limits them to spans that match a filter or lead to one
 * that does (see {@link keepWithAncestors}). Time: linear in the rows shown, not in the spans hidden.
 */
export function visibleRows(tree: SpanTree, folds: Folds, kept?: Uint8Array): Int32Array {
  const rows = new Int32Array(tree.count);
  let length = 0;
  let position = 0;
  while (position < tree.count) {
    const span = tree.order[position] ?? 0;
    const isKept = kept === undefined || kept[span] === 1;
    if (isKept) {
      rows[length] = span;
      length += 1;
    }
    position += !isKept || folds[span] === 1 ? (tree.subtreeSize[span] ?? 1) : 1;
  }
  return rows.subarray(0, length);
}

/** Marks every span that matches and all spans above it, so that a match is never shown without its context. */
export function keepWithAncestors(tree: SpanTree, isMatch: (span: number) => boolean): Uint8Array {
  const kept = new Uint8Array(tree.count);
  for (let i = tree.count - 1; i >= 0; i -= 1) {
    const span = tree.order[i] ?? 0;
    if (isMatch(span)) kept[span] = 1;
    const above = tree.parent[span] ?? -1;
    if (kept[span] === 1 && above >= 0) kept[above] = 1;
  }
  return kept;
}

export function withFold(folds: Folds, span: number, isFolded: boolean): Folds {
  const next = folds.slice();
  next[span] = isFolded ? 1 : 0;
  return next;
}

/** Folds so that `levels` levels stay visible; 1 shows the roots alone. */
export function foldBelow(tree: SpanTree, levels: number): Folds {
  const folds = new Uint8Array(tree.count);
  for (let span = 0; span < tree.count; span += 1) {
    if ((tree.depth[span] ?? 0) >= levels - 1 && childCount(tree, span) > 0) folds[span] = 1;
  }
  return folds;
}

/** Opens whatever hides `span`; gives the same folds back when nothing does. */
export function unfoldTo(tree: SpanTree, folds: Folds, span: number): Folds {
  let next = folds;
  for (let above = tree.parent[span] ?? -1; above >= 0; above = tree.parent[above] ?? -1) {
    if (next[above] !== 1) continue;
    if (next === folds) next = folds.slice();
    next[above] = 0;
  }
  return next;
}

/** The first span after `from` in reading order that satisfies `isWanted`, around the end if need be. */
export function findNextSpan(
  tree: SpanTree,
  from: number | undefined,
  step: 1 | -1,
  isWanted: (span: number) => boolean,
): number | undefined {
  const start = from === undefined ? (step === 1 ? -1 : 0) : (tree.position[from] ?? 0);
  for (let i = 1; i <= tree.count; i += 1) {
    const position = (((start + step * i) % tree.count) + tree.count) % tree.count;
    const span = tree.order[position] ?? 0;
    if (isWanted(span)) return span;
  }
  return undefined;
}
