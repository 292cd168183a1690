import type { PathNode } from "./path-tree";

/**
 * The paths in the order they run: depth first, siblings by `startOf`. Paths that `isKept` refuses go, and all below
 * them. No recursion: a chain is as deep as the tree allows.
 */
export function orderPaths(
  nodes: readonly PathNode[],
  startOf: (path: number) => number,
  isKept: (path: number) => boolean = () => true,
): number[] {
  const children = new Map<number, number[]>();
  nodes.forEach(({ parent }, path) => {
    if (!isKept(path)) return;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [path]);
    else siblings.push(path);
  });
  const latestFirst = (path: number) => (children.get(path) ?? []).sort((a, b) => startOf(b) - startOf(a) || b - a);
  const order: number[] = [];
  const stack = latestFirst(-1);
  while (stack.length > 0) {
    const path = stack.pop() ?? 0;
    order.push(path);
    stack.push(...latestFirst(path));
  }
  return order;
}

/** Sums of each path and all below it. Parents must stand before their children. */
export function sumBelow(nodes: readonly PathNode[], values: ArrayLike<number>): Float64Array {
  const sums = Float64Array.from(values);
  for (let path = nodes.length - 1; path >= 0; path -= 1) {
    const parent = nodes[path]?.parent ?? -1;
    if (parent >= 0) sums[parent] = (sums[parent] ?? 0) + (sums[path] ?? 0);
  }
  return sums;
}
