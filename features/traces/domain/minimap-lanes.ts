import type { SpanTimes, SpanTree } from "./span-tree";

/** A filled stretch of the minimap: one lane, one service, in shares of the whole trace. */
export type MinimapCell = { lane: number; column: number; service: number; isError: boolean };

/**
 * Samples a trace into `columns` × `lanes` cells, the deepest visible levels last. At most one cell per place, taken by
 * the longest span there, errors first; so drawing costs the same for 10 spans and for 100,000.
 */
export function computeMinimap(
  tree: SpanTree,
  spans: SpanTimes & { service: ArrayLike<number>; isError: (span: number) => boolean },
  size: { columns: number; lanes: number; durationUs: number },
): MinimapCell[] {
  const { columns, lanes } = size;
  const durationUs = Math.max(1, size.durationUs);
  const owner = new Int32Array(columns * lanes).fill(-1);
  for (let position = 0; position < tree.count; position += 1) {
    const span = tree.order[position] ?? 0;
    const lane = laneOf(tree, span, lanes);
    const from = toColumn(spans.startUs[span] ?? 0, durationUs, columns);
    const to = toColumn((spans.startUs[span] ?? 0) + (spans.durationUs[span] ?? 0), durationUs, columns);
    for (let column = from; column <= to; column += 1) {
      const place = lane * columns + column;
      if (isStronger(spans, span, owner[place] ?? -1)) owner[place] = span;
    }
  }
  return toCells(owner, columns, spans);
}

function laneOf(tree: SpanTree, span: number, lanes: number): number {
  const depth = tree.depth[span] ?? 0;
  return tree.maxDepth < lanes ? depth : Math.floor((depth / (tree.maxDepth + 1)) * lanes);
}

function toColumn(atUs: number, durationUs: number, columns: number): number {
  return Math.min(columns - 1, Math.max(0, Math.floor((atUs / durationUs) * columns)));
}

function isStronger(
  spans: SpanTimes & { isError: (span: number) => boolean },
  challenger: number,
  holder: number,
): boolean {
  if (holder < 0) return true;
  const isError = spans.isError(challenger);
  if (isError !== spans.isError(holder)) return isError;
  return (spans.durationUs[challenger] ?? 0) > (spans.durationUs[holder] ?? 0);
}

function toCells(
  owner: Int32Array,
  columns: number,
  spans: { service: ArrayLike<number>; isError: (span: number) => boolean },
): MinimapCell[] {
  const cells: MinimapCell[] = [];
  for (let place = 0; place < owner.length; place += 1) {
    const span = owner[place] ?? -1;
    if (span < 0) continue;
    cells.push({
      lane: Math.floor(place / columns),
      column: place % columns,
      service: spans.service[span] ?? 0,
      isError: spans.isError(span),
    });
  }
  return cells;
}
