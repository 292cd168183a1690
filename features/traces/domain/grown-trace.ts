import { nameOf, serviceOf } from "./span-text";
import { isWhole } from "./trace-address";
import { spanIdOf, type TraceSkeleton } from "./trace-skeleton";
import type { Folds } from "./waterfall-rows";
import { toZoomWindow, type ZoomWindow } from "./zoom-window";

/** What stands in rows, indices and offsets of one version of a trace. */
export type RowState = {
  selected: number | undefined;
  flameRoot: number | undefined;
  folds: Folds;
  zoom: ZoomWindow;
  hiddenServices: ReadonlySet<number>;
  /** Folds told in full, by their first row. */
  openGroups: ReadonlySet<number>;
  openShorts: ReadonlySet<number>;
};

/**
 * The same view of a later version of a trace, whose rows stand elsewhere because more spans came. Spans are known again
 * by id, in traces too big for ids by service, name, start and length. Time: linear in the spans of both.
 */
export function carryOver(from: TraceSkeleton, to: TraceSkeleton, state: RowState): RowState {
  const folded = new Set<string>();
  for (let row = state.folds.indexOf(1); row !== -1; row = state.folds.indexOf(1, row + 1))
    folded.add(keyOf(from, row));
  const keyOfSpan = (row: number | undefined) => (row === undefined ? undefined : keyOf(from, row));
  const selectedKey = keyOfSpan(state.selected);
  const rootKey = keyOfSpan(state.flameRoot);
  const groupKeys = new Set([...state.openGroups].map((row) => keyOf(from, row)));
  const shortKeys = new Set([...state.openShorts].map((row) => keyOf(from, row)));
  const folds = new Uint8Array(to.spanCount);
  const openGroups = new Set<number>();
  const openShorts = new Set<number>();
  let selected: number | undefined;
  let flameRoot: number | undefined;
  const isNeeded = folded.size + groupKeys.size + shortKeys.size > 0 || (selectedKey ?? rootKey) !== undefined;
  for (let row = 0; isNeeded && row < to.spanCount; row += 1) {
    const key = keyOf(to, row);
    if (folded.has(key)) folds[row] = 1;
    if (groupKeys.has(key)) openGroups.add(row);
    if (shortKeys.has(key)) openShorts.add(row);
    if (key === selectedKey) selected ??= row;
    if (key === rootKey) flameRoot ??= row;
  }
  const hidden = new Set([...state.hiddenServices].map((index) => from.services[index]));
  return {
    selected,
    flameRoot,
    folds,
    openGroups,
    openShorts,
    zoom: carryZoom(from, to, state.zoom),
    hiddenServices: new Set(to.services.flatMap((service, index) => (hidden.has(service) ? [index] : []))),
  };
}

/** The whole stays the whole; a part stays at its moment, though the trace may now start earlier. */
function carryZoom(from: TraceSkeleton, to: TraceSkeleton, zoom: ZoomWindow): ZoomWindow {
  if (isWhole(zoom, from.durationUs)) return toZoomWindow(0, to.durationUs, to.durationUs);
  const shiftUs = from.startUs - to.startUs;
  return toZoomWindow(zoom.fromUs + shiftUs, zoom.toUs + shiftUs, to.durationUs);
}

function keyOf(trace: TraceSkeleton, row: number): string {
  const startUs = trace.startUs + (trace.spanStartUs[row] ?? 0);
  return (
    spanIdOf(trace, row) ?? `${serviceOf(trace, row)}\n${nameOf(trace, row)}\n${startUs}\n${trace.spanDurationUs[row]}`
  );
}
