import { useMemo, useReducer } from "react";
import type { SpanTree } from "../domain/span-tree";
import type { TraceModel } from "../domain/trace-model";
import { type Folds, foldBelow, keepWithAncestors, unfoldTo, visibleRows, withFold } from "../domain/waterfall-rows";
import { toZoomWindow, type ZoomWindow } from "../domain/zoom-window";

/** What a reader did to the view of one trace. Spans are indices into the trace's columns. */
export type TraceViewState = {
  selected: number | undefined;
  isDrawerOpen: boolean;
  folds: Folds;
  zoom: ZoomWindow;
  /** Services taken out by the reader, as indices. */
  hiddenServices: ReadonlySet<number>;
};

export type TraceViewAction =
  | { type: "select"; span: number; isOpening?: boolean }
  | { type: "close" }
  | { type: "fold"; span: number; isFolded: boolean }
  | { type: "levels"; levels: number | undefined }
  | { type: "zoom"; zoom: ZoomWindow }
  | { type: "service"; service: number };

/** The view of one trace: state, its one dispatcher, and what follows from it (rows in reading order). */
export function useTraceViewState(
  model: TraceModel,
  tree: SpanTree,
  initial: { span: number | undefined; zoom: ZoomWindow | undefined },
) {
  const [state, dispatch] = useReducer(
    (previous: TraceViewState, action: TraceViewAction) => reduceTraceView(tree, previous, action),
    undefined,
    (): TraceViewState => ({
      selected: initial.span,
      isDrawerOpen: initial.span !== undefined,
      folds: new Uint8Array(tree.count),
      zoom: initial.zoom ?? toZoomWindow(0, model.extentUs, model.extentUs),
      hiddenServices: new Set(),
    }),
  );
  const { folds, hiddenServices } = state;
  const rows = useMemo(() => {
    if (hiddenServices.size === 0) return visibleRows(tree, folds);
    const kept = keepWithAncestors(tree, (span) => !hiddenServices.has(model.service[span] ?? -1));
    return visibleRows(tree, folds, kept);
  }, [tree, folds, hiddenServices, model]);
  return { state, dispatch, rows };
}

/** Selecting a hidden span opens the way to it; everything else is as it says. */
export function reduceTraceView(tree: SpanTree, state: TraceViewState, action: TraceViewAction): TraceViewState {
  switch (action.type) {
    case "select":
      return {
        ...state,
        selected: action.span,
        isDrawerOpen: action.isOpening === true || state.isDrawerOpen,
        folds: unfoldTo(tree, state.folds, action.span),
      };
    case "close":
      return { ...state, isDrawerOpen: false };
    case "fold":
      return { ...state, folds: withFold(state.folds, action.span, action.isFolded) };
    case "levels":
      return {
        ...state,
        folds: action.levels === undefined ? new Uint8Array(tree.count) : foldBelow(tree, action.levels),
      };
    case "zoom":
      return { ...state, zoom: action.zoom };
    case "service": {
      const hiddenServices = new Set(state.hiddenServices);
      if (!hiddenServices.delete(action.service)) hiddenServices.add(action.service);
      return { ...state, hiddenServices };
    }
  }
}
