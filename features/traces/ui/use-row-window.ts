"use client";

import { type RefObject, useLayoutEffect, useState } from "react";
import { watchViewport } from "./watch-viewport";

/** Rows made beyond each edge of the screen; the window moves in steps of as many, so that most frames make none. */
const STEP_ROWS = 4;

/** Rows `from` up to but not including `to`. */
export type RowWindow = { from: number; to: number };

const NONE: RowWindow = { from: 0, to: 0 };

/**
 * The rows of equal height near the viewport of a page that scrolls as a whole; none before the first layout. Places are
 * read when the page scrolls, not after rows have changed: reading then would lay the page out twice a frame.
 */
export function useRowWindow(grid: RefObject<HTMLElement | null>, rowPx: number, count: number): RowWindow {
  const [shown, setShown] = useState(NONE);
  // Outside system: the page's scroll position and size.
  useLayoutEffect(() => {
    const look = () => {
      const top = grid.current?.getBoundingClientRect().top;
      if (top === undefined) return;
      const next = windowAt(top, rowPx);
      setShown((before) => (before.from === next.from && before.to === next.to ? before : next));
    };
    return watchViewport(look);
  }, [grid, rowPx]);
  return { from: Math.min(count, Math.max(0, shown.from)), to: Math.min(count, Math.max(0, shown.to)) };
}

function windowAt(topPx: number, rowPx: number): RowWindow {
  const first = Math.floor(-topPx / rowPx / STEP_ROWS) - 1;
  const steps = Math.ceil(window.innerHeight / rowPx / STEP_ROWS) + 3;
  return { from: first * STEP_ROWS, to: (first + steps) * STEP_ROWS };
}

/** How far the page must scroll to bring a row between what covers the top and the bottom; 0 when it is there. */
export function scrollToRowPx(
  row: { topPx: number; heightPx: number },
  view: { fromPx: number; toPx: number },
): number {
  if (row.topPx < view.fromPx) return row.topPx - view.fromPx;
  return Math.max(0, row.topPx + row.heightPx - view.toPx);
}
