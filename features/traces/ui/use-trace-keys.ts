"use client";

import { type KeyboardEvent, type RefObject, useRef } from "react";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import { parentIndex, rowAt } from "../domain/waterfall/locate-row";
import { nextOnPath } from "../domain/waterfall/path-line";
import { widestBelow } from "../domain/waterfall/widest-below";
import { panZoom, scaleZoom, zoomToSpan } from "../domain/zoom-window";
import type { TraceViewAction, TraceViewState } from "./trace-view-state";
import { type Step, usePageKeys } from "./use-view-keys";
import { activeIndex, selectionAt, type WaterfallView } from "./use-waterfall";

const PAGE_ROWS = 20;
const CLOSER = 0.5;
const PAN_SHARE = 0.25;

export type TraceKeysInput = {
  view: WaterfallView;
  state: TraceViewState;
  dispatch: (action: TraceViewAction) => void;
  gridRef: RefObject<HTMLElement | null>;
};

/**
 * The keys of the waterfall. Those that move through rows belong to the grid; those that name a thing (p, w, x, z, 0) work
 * wherever the focus is, except where text is typed.
 */
export function useTraceKeys(input: TraceKeysInput) {
  const pathAt = useRef<number | undefined>(undefined);
  const stepPath = (step: Step) => {
    const at = nextStretch(input, pathAt.current, step);
    pathAt.current = at;
    const selection = at === undefined ? undefined : selectionAt(input.view, input.view.line?.row[at] ?? -1);
    if (selection === undefined) return false;
    input.dispatch({ type: "selectRow", selection });
    return true;
  };
  usePageKeys(({ key }) => {
    const isPath = key === "p" || key === "P";
    const isUsed = isPath ? stepPath(key === "p" ? 1 : -1) : PAGE_KEYS[key]?.(input);
    if (isUsed !== true) return false;
    if (!STAYS.has(key)) input.gridRef.current?.focus({ preventScroll: true });
    return true;
  });
  const onGridKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isUsed = event.shiftKey ? SHIFT_KEYS[event.key]?.(input) : GRID_KEYS[event.key]?.(input);
    if (isUsed === true) event.preventDefault();
  };
  return { onGridKeyDown };
}

/** Keys after which the focus stays where it is. */
const STAYS = new Set(["0", "+", "-", "="]);

type Press = (input: TraceKeysInput) => boolean;

const PAGE_KEYS: Record<string, Press> = {
  w: goToWidest,
  x: toggleFold,
  z: ({ state, view, dispatch }) => {
    if (state.selected === undefined) return false;
    dispatch({ type: "zoom", zoom: zoomToSpanOf(view.trace, state.selected.span) });
    return true;
  },
  "0": ({ dispatch }) => {
    dispatch({ type: "resetZoom" });
    return true;
  },
  "+": (input) => scale(input, CLOSER),
  "=": (input) => scale(input, CLOSER),
  "-": (input) => scale(input, 1 / CLOSER),
  j: (input) => moveBy(input, 1),
  k: (input) => moveBy(input, -1),
};

const GRID_KEYS: Record<string, Press> = {
  ArrowDown: (input) => moveBy(input, 1),
  ArrowUp: (input) => moveBy(input, -1),
  PageDown: (input) => moveBy(input, PAGE_ROWS),
  PageUp: (input) => moveBy(input, -PAGE_ROWS),
  Home: (input) => moveBy(input, -input.view.layout.count),
  End: (input) => moveBy(input, input.view.layout.count),
  ArrowRight: openOrDescend,
  ArrowLeft: foldOrAscend,
  Enter: ({ state, dispatch }) => {
    if (state.selected === undefined) return false;
    dispatch({ type: "selectRow", selection: state.selected, isOpening: true });
    return true;
  },
};

const SHIFT_KEYS: Record<string, Press> = {
  ArrowRight: (input) => pan(input, PAN_SHARE),
  ArrowLeft: (input) => pan(input, -PAN_SHARE),
};

/** The stretch of the path after the one last visited, or after the first one of the active row. */
function nextStretch({ view, state }: TraceKeysInput, visited: number | undefined, step: Step): number | undefined {
  const { line } = view;
  if (line === undefined) return undefined;
  const active = activeIndex(view, state.selected);
  if (active === -1) return nextOnPath(line, undefined, 1);
  const isThere = visited !== undefined && line.row[visited] === active;
  if (isThere) return nextOnPath(line, visited, step);
  const first = line.rowStart[active] ?? 0;
  if (first < (line.rowStart[active + 1] ?? 0)) return nextOnPath(line, line.byRow[first], step);
  const startUs = view.trace.spanStartUs[state.selected?.span ?? 0] ?? 0;
  const after = line.toUs.subarray(0, line.count).findIndex((toUs) => toUs > startUs);
  return after === -1 ? nextOnPath(line, undefined, 1) : after;
}

function goToWidest({ view, state, dispatch }: TraceKeysInput): boolean {
  const widest = widestBelow(view, selectedRow(view, state));
  if (widest === undefined) return false;
  dispatch({ type: "select", span: widest.span, isExact: widest.isExact });
  return true;
}

function selectedRow(view: WaterfallView, state: TraceViewState) {
  const at = activeIndex(view, state.selected);
  return rowAt(view.layout, at);
}

/** Opens or closes what the row folds; in a call of an open fold, closes that fold. */
function toggleFold(input: TraceKeysInput): boolean {
  const { view, state, dispatch } = input;
  const row = selectedRow(view, state);
  if (row === undefined) return false;
  if (setOpen(input, row, !isOpen(input, row))) return true;
  const group = row.kind === "span" && view.withGroups ? (view.plan.groups.ofRow[row.ref] ?? -1) : -1;
  if (group === -1) return false;
  dispatch({
    type: "openFold",
    kind: "group",
    first: view.plan.groups.rows[view.plan.groups.start[group] ?? 0] ?? 0,
    isOpen: false,
  });
  return true;
}

type Row = NonNullable<ReturnType<typeof rowAt>>;

function isOpen({ view, state }: TraceKeysInput, { kind, ref }: Row): boolean {
  if (kind === "group") return state.openGroups.has(view.plan.groups.rows[view.plan.groups.start[ref] ?? 0] ?? -1);
  if (kind === "short") return state.openShorts.has(view.shorts.rows[view.shorts.start[ref] ?? 0] ?? -1);
  return kind === "span" && (view.trace.childCount[ref] ?? 0) > 0 && state.folds[ref] !== 1;
}

/** False where there is nothing to open or close. */
function setOpen({ view, dispatch }: TraceKeysInput, { kind, ref }: Row, open: boolean): boolean {
  if (kind === "group") {
    const first = view.plan.groups.rows[view.plan.groups.start[ref] ?? 0] ?? 0;
    dispatch({ type: "openFold", kind, first, isOpen: open });
  } else if (kind === "short") {
    const first = view.shorts.rows[view.shorts.start[ref] ?? 0] ?? 0;
    dispatch({ type: "openFold", kind, first, isOpen: open });
  } else if (kind === "span" && (view.trace.childCount[ref] ?? 0) > 0) {
    dispatch({ type: "fold", span: ref, isFolded: !open });
  } else return false;
  return true;
}

function moveBy({ view, state, dispatch }: TraceKeysInput, step: number): boolean {
  const { count } = view.layout;
  if (count === 0) return false;
  const at = activeIndex(view, state.selected);
  const selection = selectionAt(view, Math.min(count - 1, Math.max(0, at + step)));
  if (selection !== undefined) dispatch({ type: "selectRow", selection });
  return true;
}

function openOrDescend(input: TraceKeysInput): boolean {
  const row = selectedRow(input.view, input.state);
  if (row === undefined) return false;
  if (isOpen(input, row)) return moveBy(input, 1);
  return setOpen(input, row, true);
}

function foldOrAscend(input: TraceKeysInput): boolean {
  const { view, state, dispatch } = input;
  const at = activeIndex(view, state.selected);
  const row = rowAt(view.layout, at);
  if (row === undefined) return false;
  if (isOpen(input, row)) return setOpen(input, row, false);
  const selection = selectionAt(view, parentIndex(view.layout, at));
  if (selection === undefined) return false;
  dispatch({ type: "selectRow", selection });
  return true;
}

function scale({ view, state, dispatch }: TraceKeysInput, factor: number): boolean {
  const { fromUs, toUs } = state.zoom;
  const span = state.selected?.span;
  const middleUs =
    span === undefined ? -1 : (view.trace.spanStartUs[span] ?? 0) + (view.trace.spanDurationUs[span] ?? 0) / 2;
  const aroundUs = middleUs >= fromUs && middleUs <= toUs ? middleUs : (fromUs + toUs) / 2;
  dispatch({ type: "zoom", zoom: scaleZoom(state.zoom, factor, aroundUs, view.trace.durationUs) });
  return true;
}

function pan({ view, state, dispatch }: TraceKeysInput, share: number): boolean {
  dispatch({ type: "zoom", zoom: panZoom(state.zoom, share, view.trace.durationUs) });
  return true;
}

/** The window in which a span fills most of the width. */
export function zoomToSpanOf(trace: TraceSkeleton, span: number) {
  return zoomToSpan(trace.spanStartUs[span] ?? 0, trace.spanDurationUs[span] ?? 0, trace.durationUs);
}
