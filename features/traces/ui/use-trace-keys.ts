"use client";

import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent } from "react";
import { hasFlag, NO_PARENT, type TraceSkeleton } from "../domain/trace-skeleton";
import { findNextSpan, findVisibleIndex } from "../domain/waterfall-rows";
import { zoomToSpan } from "../domain/zoom-window";
import type { TraceViewAction, TraceViewState } from "./trace-view-state";

const PAGE_ROWS = 20;

type TraceKeysInput = {
  trace: TraceSkeleton;
  state: TraceViewState;
  visible: Int32Array;
  dispatch: (action: TraceViewAction) => void;
  gridRef: RefObject<HTMLDivElement | null>;
  findRef: RefObject<HTMLInputElement | null>;
};

/**
 * The keys of the trace page. Those that move through rows belong to the grid; those that name a thing (f, e, z, 0)
 * work wherever the focus is, except where text is typed.
 */
export function useTraceKeys(input: TraceKeysInput): { onGridKeyDown: (event: KeyboardEvent) => void } {
  const handlePageKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressPageKey(input, event.key)) event.preventDefault();
  });
  // Outside system: the keyboard of the page.
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent) => handlePageKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  const onGridKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressGridKey(input, event.key)) event.preventDefault();
  };
  return { onGridKeyDown };
}

function isTyping(event: globalThis.KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function pressPageKey({ trace, state, visible, dispatch, gridRef, findRef }: TraceKeysInput, key: string): boolean {
  switch (key) {
    case "f":
      findRef.current?.focus();
      findRef.current?.select();
      return true;
    case "e": {
      const failed = findNextSpan(trace.spanCount, state.selected, 1, (span) => hasFlag(trace, span, "error"));
      if (failed === undefined) return false;
      gridRef.current?.focus({ preventScroll: true });
      dispatch({ type: "select", span: failed });
      return true;
    }
    case "z":
      if (state.selected === undefined) return false;
      dispatch({ type: "zoom", zoom: zoomToSpanOf(trace, state.selected) });
      return true;
    case "0":
      dispatch({ type: "resetZoom" });
      return true;
    case "j":
    case "k":
      gridRef.current?.focus({ preventScroll: true });
      return moveBy({ state, visible, dispatch }, key === "j" ? 1 : -1);
    case "Escape":
      if (!state.isDrawerOpen) return false;
      dispatch({ type: "close" });
      return true;
    default:
      return false;
  }
}

function pressGridKey(input: TraceKeysInput, key: string): boolean {
  const { visible, state, dispatch } = input;
  switch (key) {
    case "ArrowDown":
      return moveBy(input, 1);
    case "ArrowUp":
      return moveBy(input, -1);
    case "PageDown":
      return moveBy(input, PAGE_ROWS);
    case "PageUp":
      return moveBy(input, -PAGE_ROWS);
    case "Home":
      return moveBy(input, -visible.length);
    case "End":
      return moveBy(input, visible.length);
    case "ArrowRight":
      return openOrDescend(input);
    case "ArrowLeft":
      return foldOrAscend(input);
    case "Enter":
      if (state.selected === undefined) return false;
      dispatch({ type: "select", span: state.selected, isOpening: true });
      return true;
    default:
      return false;
  }
}

function moveBy({ state, visible, dispatch }: Pick<TraceKeysInput, "state" | "visible" | "dispatch">, step: number) {
  if (visible.length === 0) return false;
  const at = state.selected === undefined ? -1 : findVisibleIndex(visible, state.selected);
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + step))];
  if (next !== undefined) dispatch({ type: "select", span: next });
  return true;
}

function openOrDescend({ trace, state, dispatch }: TraceKeysInput): boolean {
  const { selected } = state;
  if (selected === undefined || trace.childCount[selected] === 0) return false;
  if (state.folds[selected] === 1) dispatch({ type: "fold", span: selected, isFolded: false });
  else dispatch({ type: "select", span: selected + 1 });
  return true;
}

function foldOrAscend({ trace, state, dispatch }: TraceKeysInput): boolean {
  const { selected } = state;
  if (selected === undefined) return false;
  const canFold = (trace.childCount[selected] ?? 0) > 0 && state.folds[selected] !== 1;
  const parent = trace.parent[selected] ?? NO_PARENT;
  if (canFold) dispatch({ type: "fold", span: selected, isFolded: true });
  else if (parent !== NO_PARENT) dispatch({ type: "select", span: parent });
  else return false;
  return true;
}

/** The window in which a span fills most of the width. */
export function zoomToSpanOf(trace: TraceSkeleton, span: number) {
  return zoomToSpan(trace.spanStartUs[span] ?? 0, trace.spanDurationUs[span] ?? 0, trace.durationUs);
}
