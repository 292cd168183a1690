"use client";

import { type RefObject, useEffect, useEffectEvent } from "react";
import { hasFlag, type TraceSkeleton } from "../domain/trace-skeleton";
import { VIEW_NAMES } from "../domain/views/trace-views";
import { findNextSpan } from "../domain/waterfall-rows";
import type { TraceViewAction, TraceViewState } from "./trace-view-state";

export type Step = 1 | -1;

export type ViewKeysInput = {
  trace: TraceSkeleton;
  state: TraceViewState;
  dispatch: (action: TraceViewAction) => void;
  isFound: (span: number) => boolean;
  /** What of the shown view takes the keys: its grid or tree. */
  gridRef: RefObject<HTMLElement | null>;
  findRef: RefObject<HTMLInputElement | null>;
};
type Press = (input: ViewKeysInput) => boolean;

/** Keys that mean the same in every view of a trace, wherever the focus is, except where text is typed. */
export function useViewKeys(input: ViewKeysInput): void {
  usePageKeys((event) => {
    if (KEYS[event.key]?.(input) !== true) return false;
    if (!STAYS.has(event.key)) input.gridRef.current?.focus({ preventScroll: true });
    return true;
  });
}

/** Calls for keys pressed on the page, without modifiers and outside of what takes text; true means used. */
export function usePageKeys(press: (event: KeyboardEvent) => boolean): void {
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event)) event.preventDefault();
  });
  // Outside system: the keyboard of the page.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handleKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

/** Keys after which the focus stays where it is, or goes elsewhere. */
const STAYS = new Set(["f", "/", "Escape", "1", "2", "3", "4", "5"]);

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isText = target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || isText || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

const KEYS: Record<string, Press> = {
  f: focusFind,
  "/": focusFind,
  e: (input) => stepTo(input, 1, (span) => hasFlag(input.trace, span, "error")),
  E: (input) => stepTo(input, -1, (span) => hasFlag(input.trace, span, "error")),
  n: (input) => stepTo(input, 1, input.isFound),
  N: (input) => stepTo(input, -1, input.isFound),
  ...Object.fromEntries(VIEW_NAMES.map((name, at) => [String(at + 1), showView(name)])),
  Escape: ({ state, dispatch }) => {
    if (!state.isDrawerOpen) return false;
    dispatch({ type: "close" });
    return true;
  },
};

function showView(name: (typeof VIEW_NAMES)[number]): Press {
  return ({ dispatch }) => {
    dispatch({ type: "view", name });
    return true;
  };
}

function focusFind({ findRef }: ViewKeysInput): boolean {
  findRef.current?.focus();
  findRef.current?.select();
  return true;
}

/** Selects the next span that is wanted; false when there is none. */
export function stepTo(
  { trace, state, dispatch }: Pick<ViewKeysInput, "trace" | "state" | "dispatch">,
  step: Step,
  isWanted: (span: number) => boolean,
): boolean {
  const next = findNextSpan(trace.spanCount, state.selected?.span, step, isWanted);
  if (next !== undefined) dispatch({ type: "select", span: next });
  return next !== undefined;
}
