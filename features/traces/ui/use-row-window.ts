"use client";

import { type RefObject, useCallback, useSyncExternalStore } from "react";

/** Rows made beyond each edge of the screen; the window moves in steps of as many, so that most frames make none. */
const STEP_ROWS = 4;

/** Rows `from` up to but not including `to`. */
export type RowWindow = { from: number; to: number };

/** The rows of equal height near the viewport of a page that scrolls as a whole; none before the first layout. */
export function useRowWindow(grid: RefObject<HTMLElement | null>, rowPx: number, count: number): RowWindow {
  const subscribe = useCallback((listener: () => void) => {
    window.addEventListener("scroll", listener, { passive: true });
    window.addEventListener("resize", listener);
    // What stands above the grid may grow: a note, a wrapped toolbar.
    const observer = new ResizeObserver(listener);
    observer.observe(document.body);
    return () => {
      window.removeEventListener("scroll", listener);
      window.removeEventListener("resize", listener);
      observer.disconnect();
    };
  }, []);
  // A text, so that equal windows are equal.
  const text = useSyncExternalStore(
    subscribe,
    () => {
      const top = grid.current?.getBoundingClientRect().top;
      if (top === undefined) return "0 0";
      const first = Math.floor(-top / rowPx / STEP_ROWS) - 1;
      const steps = Math.ceil(window.innerHeight / rowPx / STEP_ROWS) + 3;
      return `${first * STEP_ROWS} ${(first + steps) * STEP_ROWS}`;
    },
    () => "0 0",
  );
  const [from = 0, to = 0] = text.split(" ").map(Number);
  return { from: Math.min(count, Math.max(0, from)), to: Math.min(count, Math.max(0, to)) };
}

/** How far the page must scroll to bring a row between what covers the top and the bottom; 0 when it is there. */
export function scrollToRowPx(
  row: { topPx: number; heightPx: number },
  view: { fromPx: number; toPx: number },
): number {
  if (row.topPx < view.fromPx) return row.topPx - view.fromPx;
  return Math.max(0, row.topPx + row.heightPx - view.toPx);
}
