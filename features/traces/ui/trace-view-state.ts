import { useMemo, useReducer, useState } from "react";
import { carryOver } from "../domain/grown-trace";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import {
  type OperationColumn,
  pressedSort,
  type Sorts,
  type SpanColumn,
  type ViewName,
} from "../domain/views/trace-views";
import { type FoldContext, makeFoldContexts, type Switch, type Switches } from "../domain/waterfall/fold-context";
import { findWay } from "../domain/waterfall/locate-row";
import { findRow } from "../domain/waterfall/row-address";
import type { TracePlan } from "../domain/waterfall/trace-plan";
import type { RowKind } from "../domain/waterfall/waterfall-layout";
import { type Folds, foldBelow, withFold } from "../domain/waterfall-rows";
import { toZoomWindow, type ZoomWindow } from "../domain/zoom-window";

/**
 * What is selected: a span, or a row that is none (a fold told as one, a gap, a missing step) by its index, with the span
 * that stands for it: the call of the fold that is looked at, the parent of the gap.
 */
export type Selection = { kind: RowKind; ref: number; span: number };

/** Rows that prove what a reader pressed in the verdict; `key` changes with what is pressed. */
export type Outline = { key: string; rows: readonly number[] };

/** What a reader did to the view of one trace. Spans are rows of its skeleton. */
export type TraceViewState = {
  viewName: ViewName;
  sorts: Sorts;
  /** A span of the frame that the flame is zoomed to. */
  flameRoot: number | undefined;
  /** What is looked for in the raw text. */
  rawText: string;
  selected: Selection | undefined;
  isDrawerOpen: boolean;
  folds: Folds;
  openGroups: ReadonlySet<number>;
  openShorts: ReadonlySet<number>;
  zoom: ZoomWindow;
  /** Services taken out by the reader, as indices into the skeleton's services. */
  hiddenServices: ReadonlySet<number>;
  switches: Switches;
  find: string;
  isFiltering: boolean;
};

/** What changes the view that is shown. */
export type TraceViewChange =
  /** `isExact` opens the fold the span is a call of, too. */
  | { type: "select"; span: number; isOpening?: boolean; isExact?: boolean }
  | { type: "selectRow"; selection: Selection; isOpening?: boolean }
  | { type: "close" }
  | { type: "fold"; span: number; isFolded: boolean }
  /** Tells a group or a short run in full, or as one row again; by its first row. */
  | { type: "openFold"; kind: "group" | "short"; first: number; isOpen: boolean }
  /** Leaves so many levels open; all without a number. */
  | { type: "levels"; levels: number | undefined }
  | { type: "zoom"; zoom: ZoomWindow }
  | { type: "resetZoom" }
  | { type: "service"; service: number }
  | { type: "switch"; name: Switch }
  | { type: "find"; text: string }
  | { type: "view"; name: ViewName }
  | { type: "rawText"; text: string }
  /** Zooms the flame to the frame of a span, out to all of it without one. */
  | { type: "flameRoot"; span: number | undefined }
  /** A column of a table was pressed. */
  | { type: "sort"; table: "operations"; by: OperationColumn }
  | { type: "sort"; table: "spans"; by: SpanColumn }
  /** Shows only what a query finds, in the waterfall. */
  | { type: "filterTo"; text: string }
  | { type: "filter"; isOn: boolean }
  /** More spans came; `from` is what was shown until now. */
  | { type: "grown"; from: TraceSkeleton };

/** A change, or the reader went back or forward to another view. */
export type TraceViewAction = TraceViewChange | { type: "return"; view: InitialView };

export type InitialView = Omit<TraceViewState, "selected"> & {
  selected: number | undefined;
  /** What is meant is not the span but a row it stands for; see `findRow`. */
  selectedAs?: string | undefined;
};

/** The view of one trace: state, its one dispatcher, and how its rows fold under the reader's switches. */
export function useTraceViewState(trace: TraceSkeleton, plan: TracePlan, readInitial: () => InitialView) {
  const contextFor = useMemo(() => makeFoldContexts(trace, plan), [trace, plan]);
  const [state, dispatch] = useReducer(
    (previous: TraceViewState, action: TraceViewAction) =>
      action.type === "return"
        ? beginView(contextFor(action.view.switches), action.view)
        : reduceTraceView(contextFor(previous.switches), previous, action),
    undefined,
    (): TraceViewState => {
      const initial = readInitial();
      return beginView(contextFor(initial.switches), initial);
    },
  );
  const [shown, setShown] = useState(trace);
  if (shown !== trace) {
    setShown(trace);
    dispatch({ type: "grown", from: shown });
  }
  const context = useMemo(() => contextFor(state.switches), [contextFor, state.switches]);
  return { state, dispatch, context };
}

/** The view an address asks for, with nothing else of what was shown before. */
function beginView(context: FoldContext, { selected, selectedAs, ...view }: InitialView): TraceViewState {
  const closed: TraceViewState = { ...view, selected: undefined, isDrawerOpen: false };
  if (selected === undefined) return closed;
  return selectInitially(context, closed, { span: selected, as: selectedAs, isOpening: view.isDrawerOpen });
}

type Initially = { span: number; as: string | undefined; isOpening: boolean };

/** What an address says is selected: a span, or a fold it is a call of or a gap in it, where these switches show one. */
export function selectInitially(
  context: FoldContext,
  state: TraceViewState,
  { span, as, isOpening }: Initially,
): TraceViewState {
  const selected = reduceTraceView(context, state, { type: "select", span, isOpening });
  const selection = as === undefined ? undefined : findRow(context, undefined, { span, text: as });
  return selection === undefined ? selected : reduceTraceView(context, selected, { type: "selectRow", selection });
}

/** Selecting a span opens the way to it; what is folded over the selection shows it as selected instead. */
export function reduceTraceView(context: FoldContext, state: TraceViewState, action: TraceViewChange): TraceViewState {
  const { trace } = context;
  switch (action.type) {
    case "select":
      return { ...state, ...selectSpan(context, state, action) };
    case "selectRow":
      return { ...state, selected: action.selection, isDrawerOpen: action.isOpening === true || state.isDrawerOpen };
    case "close":
      return { ...state, isDrawerOpen: false };
    case "fold":
      return { ...state, folds: withFold(state.folds, action.span, action.isFolded) };
    case "openFold":
      return { ...state, ...toggleFold(state, action) };
    case "levels":
      return { ...state, ...foldToLevels(trace, action.levels) };
    case "zoom":
      return { ...state, zoom: action.zoom };
    case "resetZoom":
      return { ...state, zoom: toZoomWindow(0, trace.durationUs, trace.durationUs) };
    case "service":
      return { ...state, hiddenServices: toggled(state.hiddenServices, action.service) };
    case "switch":
      return { ...state, switches: toggled(state.switches, action.name), selected: asSpan(state.selected) };
    case "find":
      return { ...state, find: action.text };
    case "filter":
      return { ...state, isFiltering: action.isOn };
    case "filterTo":
      return { ...state, find: action.text, isFiltering: true, viewName: "waterfall" };
    case "view":
      return { ...state, viewName: action.name };
    case "rawText":
      return { ...state, rawText: action.text };
    case "flameRoot":
      return { ...state, flameRoot: action.span };
    case "sort":
      return { ...state, sorts: sorted(state.sorts, action) };
    case "grown":
      return grow(trace, state, action.from);
  }
}

function sorted(sorts: Sorts, action: Extract<TraceViewAction, { type: "sort" }>): Sorts {
  if (action.table === "operations") return { ...sorts, operations: pressedSort(sorts.operations, action.by) };
  return { ...sorts, spans: pressedSort(sorts.spans, action.by) };
}

type Select = Extract<TraceViewAction, { type: "select" }>;

function selectSpan(context: FoldContext, state: TraceViewState, { span, isOpening, isExact }: Select) {
  const way = findWay(context, span, isExact);
  const mustUnfold = way.spans.some((above) => state.folds[above] === 1);
  const folds = mustUnfold ? state.folds.slice() : state.folds;
  if (mustUnfold) for (const above of way.spans) folds[above] = 0;
  return {
    selected: { kind: "span", ref: span, span } satisfies Selection,
    isDrawerOpen: isOpening === true || state.isDrawerOpen,
    folds,
    openGroups: withAll(state.openGroups, way.groups),
    openShorts: withAll(state.openShorts, way.shorts),
  };
}

function toggleFold(state: TraceViewState, { kind, first, isOpen }: Extract<TraceViewAction, { type: "openFold" }>) {
  const open = new Set(kind === "group" ? state.openGroups : state.openShorts);
  if (isOpen) open.add(first);
  else open.delete(first);
  return kind === "group" ? { openGroups: open } : { openShorts: open };
}

function foldToLevels(trace: TraceSkeleton, levels: number | undefined) {
  return {
    folds: levels === undefined ? new Uint8Array(trace.spanCount) : foldBelow(trace, levels),
    openGroups: new Set<number>(),
    openShorts: new Set<number>(),
  };
}

function grow(trace: TraceSkeleton, state: TraceViewState, from: TraceSkeleton): TraceViewState {
  const { selected: span, ...carried } = carryOver(from, trace, { ...state, selected: state.selected?.span });
  return { ...state, ...carried, selected: span === undefined ? undefined : { kind: "span", ref: span, span } };
}

/** The indices of folds change with the switches; spans do not. */
function asSpan(selected: Selection | undefined): Selection | undefined {
  return selected === undefined ? undefined : { kind: "span", ref: selected.span, span: selected.span };
}

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

function withAll(set: ReadonlySet<number>, values: readonly number[]): ReadonlySet<number> {
  return values.every((value) => set.has(value)) ? set : new Set([...set, ...values]);
}
