import { NO_PARENT, type TraceSkeleton } from "./trace-skeleton";

type Tree = Pick<TraceSkeleton, "spanCount" | "parent" | "depth" | "childCount" | "subtreeEnd">;

/** Which spans are folded: 1 hides everything below. Indexed by the skeleton's rows; never changed in place. */
export type Folds = Uint8Array;

/**
 * The spans a reader sees, top to bottom. `kept`, when given, limits them to spans that match a filter or lead to one
 * that does (see {@link keepWithAncestors}). Time: linear in the spans shown, not in the spans folded away.
 */
export function visibleSpans(trace: Tree, folds: Folds, kept?: Uint8Array): Int32Array {
  const visible = new Int32Array(trace.spanCount);
  let length = 0;
  let span = 0;
  while (span < trace.spanCount) {
    const isKept = kept === undefined || kept[span] === 1;
    if (isKept) {
      visible[length] = span;
      length += 1;
    }
    span = !isKept || folds[span] === 1 ? (trace.subtreeEnd[span] ?? trace.spanCount) : span + 1;
  }
  return visible.subarray(0, length);
}

/** Marks every span that matches and all spans above it, so that a match is never shown without its context. */
export function keepWithAncestors(trace: Tree, isMatch: (span: number) => boolean): Uint8Array {
  const kept = new Uint8Array(trace.spanCount);
  for (let span = trace.spanCount - 1; span >= 0; span -= 1) {
    if (isMatch(span)) kept[span] = 1;
    const above = trace.parent[span] ?? NO_PARENT;
    if (kept[span] === 1 && above !== NO_PARENT) kept[above] = 1;
  }
  return kept;
}

export function withFold(folds: Folds, span: number, isFolded: boolean): Folds {
  const next = folds.slice();
  next[span] = isFolded ? 1 : 0;
  return next;
}

/** Folds so that `levels` levels stay visible; 1 shows the roots alone. */
export function foldBelow(trace: Tree, levels: number): Folds {
  const folds = new Uint8Array(trace.spanCount);
  for (let span = 0; span < trace.spanCount; span += 1) {
    if ((trace.depth[span] ?? 0) >= levels - 1 && (trace.childCount[span] ?? 0) > 0) folds[span] = 1;
  }
  return folds;
}

/** Opens whatever hides `span`; gives the same folds back when nothing does. */
export function unfoldTo(trace: Tree, folds: Folds, span: number): Folds {
  let next = folds;
  for (let above = trace.parent[span] ?? NO_PARENT; above !== NO_PARENT; above = trace.parent[above] ?? NO_PARENT) {
    if (next[above] !== 1) continue;
    if (next === folds) next = folds.slice();
    next[above] = 0;
  }
  return next;
}

/** The first span after (`step` 1) or before (-1) `from` that is wanted, around the end if need be. */
export function findNextSpan(
  spanCount: number,
  from: number | undefined,
  step: 1 | -1,
  isWanted: (span: number) => boolean,
): number | undefined {
  const start = from ?? (step === 1 ? -1 : 0);
  for (let i = 1; i <= spanCount; i += 1) {
    const span = (((start + step * i) % spanCount) + spanCount) % spanCount;
    if (isWanted(span)) return span;
  }
  return undefined;
}

/** Where `span` stands among the visible spans, or its nearest visible ancestor; -1 when neither does. */
export function findVisibleIndex(visible: Int32Array, span: number): number {
  let low = 0;
  let high = visible.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = visible[middle] ?? 0;
    if (at === span) return middle;
    if (at < span) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
