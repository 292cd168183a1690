"use client";

import { type RefObject, useLayoutEffect, useState } from "react";
import { watchViewport } from "./watch-viewport";

/** Rows made beyond each edge of the screen; the window moves in steps of as many, so that most frames make none. */
const STEP_ROWS = 4;

/** Rows `from` up to but not including `to`; `most` is how many they are away from both ends. */
export type RowWindow = { from: number; to: number; most: number };

const NONE: RowWindow = { from: 0, to: 0, most: 0 };

/**
 * The rows of a window, each at the place its index leaves as remainder; undefined where the window has none. While a
 * page scrolls every element then stays where it is in the page and only says something else: making, removing and
 * moving elements was half of a frame. The order is not that of the rows, so the grid has to tell it (`aria-owns`).
 */
export function rowsByPlace({ from, to, most }: RowWindow): (number | undefined)[] {
  const rows = Array.from<number | undefined>({ length: most });
  for (let index = from; index < to; index += 1) rows[index % most] = index;
  return rows;
}

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
  const inside = (index: number) => Math.min(count, Math.max(0, index));
  return { from: inside(shown.from), to: inside(shown.to), most: shown.to - shown.from };
}

function windowAt(topPx: number, rowPx: number): RowWindow {
  // What stands over the top of the page hides more than a step of rows: no other are needed above.
  const first = Math.floor(-topPx / rowPx / STEP_ROWS);
  const steps = Math.ceil(window.innerHeight / rowPx / STEP_ROWS) + 2;
  return { from: first * STEP_ROWS, to: (first + steps) * STEP_ROWS, most: steps * STEP_ROWS };
}

/** How far the page must scroll to bring a row between what covers the top and the bottom; 0 when it is there. */
export function scrollToRowPx(
  row: { topPx: number; heightPx: number },
  view: { fromPx: number; toPx: number },
): number {
  if (row.topPx < view.fromPx) return row.topPx - view.fromPx;
  return Math.max(0, row.topPx + row.heightPx - view.toPx);
}
