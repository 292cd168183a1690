/** What the layout needs of a trace: one entry per span in each column, times relative to the trace's start. */
export type SpanTimes = {
  startUs: ArrayLike<number>;
  durationUs: ArrayLike<number>;
  /** Index of the parent span; anything that is not another span of this trace makes a root. */
  parent: ArrayLike<number>;
};

/**
 * A trace as a forest in typed arrays. `order` is the reading order (parents before children, siblings by start);
 * everything else is indexed by span. The children of span `s` are `children[firstChild[s] .. firstChild[s + 1]]`.
 */
export type SpanTree = {
  count: number;
  order: Int32Array;
  /** Where a span stands in `order`. */
  position: Int32Array;
  depth: Int32Array;
  /** The parent after cycles were cut; -1 for a root. */
  parent: Int32Array;
  /** Spans below and including this one. In `order` they stand together. */
  subtreeSize: Int32Array;
  firstChild: Int32Array;
  children: Int32Array;
  maxDepth: number;
};

/**
 * Lays a trace out for reading. Iterative, so that neither a chain of 100,000 calls nor 100,000 siblings can exhaust
 * the stack. A cycle is cut at its earliest span, which then stands as a root: no span is ever lost.
 */
export function computeSpanTree(spans: SpanTimes): SpanTree {
  const count = spans.startUs.length;
  const byStart = sortByStart(spans.startUs);
  const parent = toParents(spans.parent, count);
  const { firstChild, children } = groupByParent(parent, byStart);
  const tree: SpanTree = {
    count,
    order: new Int32Array(count),
    position: new Int32Array(count).fill(-1),
    depth: new Int32Array(count),
    parent,
    subtreeSize: new Int32Array(count).fill(1),
    firstChild,
    children,
    maxDepth: 0,
  };
  let filled = 0;
  for (let i = firstChild[count] ?? 0; i < count; i += 1) filled = placeSubtree(tree, children[i] ?? 0, filled);
  for (let i = 0; filled < count && i < count; i += 1) {
    const span = byStart[i] ?? 0;
    if ((tree.position[span] ?? 0) >= 0) continue;
    parent[span] = -1;
    filled = placeSubtree(tree, span, filled);
  }
  sumSubtrees(tree);
  return tree;
}

function sortByStart(startUs: ArrayLike<number>): Int32Array {
  const indices = new Int32Array(startUs.length);
  let isSorted = true;
  for (let i = 0; i < indices.length; i += 1) {
    indices[i] = i;
    if (i > 0 && (startUs[i] ?? 0) < (startUs[i - 1] ?? 0)) isSorted = false;
  }
  return isSorted ? indices : indices.sort((a, b) => (startUs[a] ?? 0) - (startUs[b] ?? 0) || a - b);
}

function toParents(parent: ArrayLike<number>, count: number): Int32Array {
  const parents = new Int32Array(count).fill(-1);
  for (let span = 0; span < count; span += 1) {
    const candidate = parent[span] ?? -1;
    if (candidate >= 0 && candidate < count && candidate !== span) parents[span] = candidate;
  }
  return parents;
}

/** Compressed rows: roots are the children of the span that does not exist, `count`. */
function groupByParent(parent: Int32Array, byStart: Int32Array): { firstChild: Int32Array; children: Int32Array } {
  const count = parent.length;
  const firstChild = new Int32Array(count + 2);
  for (let span = 0; span < count; span += 1) {
    const slot = rowOf(parent, span) + 1;
    firstChild[slot] = (firstChild[slot] ?? 0) + 1;
  }
  for (let row = 0; row <= count; row += 1) firstChild[row + 1] = (firstChild[row + 1] ?? 0) + (firstChild[row] ?? 0);
  const next = firstChild.slice();
  const children = new Int32Array(count);
  for (const span of byStart) {
    const row = rowOf(parent, span);
    const slot = next[row] ?? 0;
    children[slot] = span;
    next[row] = slot + 1;
  }
  return { firstChild, children };
}

function rowOf(parent: Int32Array, span: number): number {
  const own = parent[span] ?? -1;
  return own < 0 ? parent.length : own;
}

function placeSubtree(tree: SpanTree, root: number, filledBefore: number): number {
  let filled = filledBefore;
  const stack = [root];
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    if ((tree.position[span] ?? 0) >= 0) continue;
    placeSpan(tree, span, filled);
    filled += 1;
    for (let i = (tree.firstChild[span + 1] ?? 0) - 1; i >= (tree.firstChild[span] ?? 0); i -= 1) {
      stack.push(tree.children[i] ?? 0);
    }
  }
  return filled;
}

function placeSpan(tree: SpanTree, span: number, position: number): void {
  const above = tree.parent[span] ?? -1;
  const depth = above < 0 ? 0 : (tree.depth[above] ?? 0) + 1;
  tree.order[position] = span;
  tree.position[span] = position;
  tree.depth[span] = depth;
  tree.maxDepth = Math.max(tree.maxDepth, depth);
}

function sumSubtrees(tree: SpanTree): void {
  for (let i = tree.count - 1; i >= 0; i -= 1) {
    const span = tree.order[i] ?? 0;
    const above = tree.parent[span] ?? -1;
    if (above >= 0) tree.subtreeSize[above] = (tree.subtreeSize[above] ?? 0) + (tree.subtreeSize[span] ?? 0);
  }
}

/** How many spans were called by this one. */
export function childCount(tree: SpanTree, span: number): number {
  return (tree.firstChild[span + 1] ?? 0) - (tree.firstChild[span] ?? 0);
}
