import { hasFlag, type TraceSkeleton } from "./trace-skeleton";

/** A filled place of the minimap: which span stands there, and where. */
export type MinimapCell = { lane: number; column: number; span: number };

/** The minimap's grid: what one screen can tell apart. */
export const MINIMAP_SIZE = { columns: 400, lanes: 12 } as const;

/**
 * Samples a trace into `columns` × `lanes` cells, one lane a level (several levels a lane when there are more). At most
 * one cell per place, taken by a failed span before others and by a longer one before shorter, so drawing costs the
 * same for 10 spans and for 100,000.
 */
export function computeMinimap(trace: TraceSkeleton, size: { columns: number; lanes: number }): MinimapCell[] {
  return toMinimapCells(computeMinimapOwners(trace, size), size);
}

/** The span that owns each place, lane by lane; -1 for none. */
export function computeMinimapOwners(
  trace: TraceSkeleton,
  { columns, lanes }: { columns: number; lanes: number },
): Int32Array {
  const owners = new Int32Array(columns * lanes).fill(-1);
  const levels = deepestLevel(trace) + 1;
  const perUs = columns / Math.max(1, trace.durationUs);
  const toColumn = (atUs: number) => Math.min(columns - 1, Math.max(0, Math.floor(atUs * perUs)));
  for (let span = 0; span < trace.spanCount; span += 1) {
    const depth = trace.depth[span] ?? 0;
    const lane = levels <= lanes ? depth : Math.floor((depth / levels) * lanes);
    const startUs = trace.spanStartUs[span] ?? 0;
    const last = toColumn(startUs + (trace.spanDurationUs[span] ?? 0));
    for (let column = toColumn(startUs); column <= last; column += 1) {
      const place = lane * columns + column;
      if (isStronger(trace, span, owners[place] ?? -1)) owners[place] = span;
    }
  }
  return owners;
}

/** Owners as a list of the places taken. */
export function toMinimapCells(owners: Int32Array, { columns }: { columns: number }): MinimapCell[] {
  const cells: MinimapCell[] = [];
  for (const [place, span] of owners.entries()) {
    if (span >= 0) cells.push({ lane: Math.floor(place / columns), column: place % columns, span });
  }
  return cells;
}

function isStronger(trace: TraceSkeleton, challenger: number, holder: number): boolean {
  if (holder < 0) return true;
  const isError = hasFlag(trace, challenger, "error");
  if (isError !== hasFlag(trace, holder, "error")) return isError;
  return (trace.spanDurationUs[challenger] ?? 0) > (trace.spanDurationUs[holder] ?? 0);
}

/** The depth of the deepest span; 0 for an empty trace. */
export function deepestLevel(trace: Pick<TraceSkeleton, "depth">): number {
  let deepest = 0;
  for (const depth of trace.depth) if (depth > deepest) deepest = depth;
  return deepest;
}
