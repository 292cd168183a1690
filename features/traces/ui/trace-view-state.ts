import { useMemo, useReducer, useState } from "react";
import { carryOver } from "../domain/grown-trace";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import {
  type Folds,
  findVisibleIndex,
  foldBelow,
  keepWithAncestors,
  unfoldTo,
  visibleSpans,
  withFold,
} from "../domain/waterfall-rows";
import { toZoomWindow, type ZoomWindow } from "../domain/zoom-window";

/** What a reader did to the view of one trace. Spans are rows of its skeleton. */
export type TraceViewState = {
  selected: number | undefined;
  isDrawerOpen: boolean;
  folds: Folds;
  zoom: ZoomWindow;
  /** Services taken out by the reader, as indices into the skeleton's services. */
  hiddenServices: ReadonlySet<number>;
};

export type TraceViewAction =
  | { type: "select"; span: number; isOpening?: boolean }
  | { type: "close" }
  | { type: "fold"; span: number; isFolded: boolean }
  /** Leaves so many levels open; all without a number. */
  | { type: "levels"; levels: number | undefined }
  | { type: "zoom"; zoom: ZoomWindow }
  | { type: "resetZoom" }
  | { type: "service"; service: number }
  /** More spans came; `from` is what was shown until now. */
  | { type: "grown"; from: TraceSkeleton };

type InitialView = Pick<TraceViewState, "selected" | "zoom" | "hiddenServices">;

/** The view of one trace: state, its one dispatcher, and the spans to show in reading order. */
export function useTraceViewState(trace: TraceSkeleton, readInitial: () => InitialView) {
  const [state, dispatch] = useReducer(
    (previous: TraceViewState, action: TraceViewAction) => reduceTraceView(trace, previous, action),
    undefined,
    (): TraceViewState => {
      const initial = readInitial();
      return { ...initial, isDrawerOpen: initial.selected !== undefined, folds: new Uint8Array(trace.spanCount) };
    },
  );
  const [shown, setShown] = useState(trace);
  if (shown !== trace) {
    setShown(trace);
    dispatch({ type: "grown", from: shown });
  }
  const { folds, hiddenServices } = state;
  const visible = useMemo(() => {
    if (hiddenServices.size === 0) return visibleSpans(trace, folds);
    const kept = keepWithAncestors(trace, (span) => !hiddenServices.has(trace.serviceIndex[span] ?? -1));
    return visibleSpans(trace, folds, kept);
  }, [trace, folds, hiddenServices]);
  return { state, dispatch, visible };
}

/** Selecting a hidden span opens the way to it; folding over the selection moves it to the fold. */
export function reduceTraceView(trace: TraceSkeleton, state: TraceViewState, action: TraceViewAction): TraceViewState {
  switch (action.type) {
    case "select":
      return {
        ...state,
        selected: action.span,
        isDrawerOpen: action.isOpening === true || state.isDrawerOpen,
        folds: unfoldTo(trace, state.folds, action.span),
      };
    case "close":
      return { ...state, isDrawerOpen: false };
    case "fold":
      return keepSelectionVisible(trace, { ...state, folds: withFold(state.folds, action.span, action.isFolded) });
    case "levels":
      return keepSelectionVisible(trace, {
        ...state,
        folds: action.levels === undefined ? new Uint8Array(trace.spanCount) : foldBelow(trace, action.levels),
      });
    case "zoom":
      return { ...state, zoom: action.zoom };
    case "resetZoom":
      return { ...state, zoom: toZoomWindow(0, trace.durationUs, trace.durationUs) };
    case "service": {
      const hiddenServices = new Set(state.hiddenServices);
      if (!hiddenServices.delete(action.service)) hiddenServices.add(action.service);
      return { ...state, hiddenServices };
    }
    case "grown":
      return { ...state, ...carryOver(action.from, trace, state) };
  }
}

function keepSelectionVisible(trace: TraceSkeleton, state: TraceViewState): TraceViewState {
  if (state.selected === undefined) return state;
  const visible = visibleSpans(trace, state.folds);
  const selected = visible[findVisibleIndex(visible, state.selected)];
  return selected === state.selected ? state : { ...state, selected };
}
