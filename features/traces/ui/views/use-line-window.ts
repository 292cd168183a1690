"use client";

import { type RefObject, useCallback, useLayoutEffect, useState } from "react";
import { watchViewport } from "@/components/hooks/watch-viewport";

/** Browsers stop at 33 million pixels; above this the scroll bar moves several lines a pixel. */
const MAX_HEIGHT_PX = 12_000_000;
const SPARE_LINES = 10;

type LineWindow = { from: number; to: number; topPx: number };
type Lines = { count: number; linePx: number; coveredPx: number };

/**
 * The lines near the viewport of a page that scrolls as a whole, for more lines than a page can be high: `topPx` is where
 * line `from` stands in a box of `heightPx`. `scrollTo` brings a line below what covers the top.
 */
export function useLineWindow(box: RefObject<HTMLElement | null>, { count, linePx, coveredPx }: Lines) {
  const heightPx = Math.min(MAX_HEIGHT_PX, count * linePx);
  const [shown, setShown] = useState<LineWindow>({ from: 0, to: 0, topPx: 0 });
  // Outside system: the page's scroll position and size.
  useLayoutEffect(() => {
    const look = () => {
      const top = box.current?.getBoundingClientRect().top;
      if (top === undefined) return;
      const next = windowAt(coveredPx - top, { count, linePx, heightPx });
      setShown((before) =>
        before.from === next.from && before.to === next.to && before.topPx === next.topPx ? before : next,
      );
    };
    return watchViewport(look);
  }, [box, count, linePx, heightPx, coveredPx]);
  const scrollTo = useCallback(
    (line: number) => {
      const top = box.current?.getBoundingClientRect().top;
      if (top === undefined) return;
      const places = { count, linePx, heightPx };
      // A third of the screen above it, so that what it belongs to is in sight.
      const aheadLines = Math.floor((window.innerHeight - coveredPx) / 3 / linePx);
      window.scrollBy({ top: top - coveredPx + placeOf(Math.max(0, line - aheadLines), places), behavior: "instant" });
    },
    [box, count, linePx, heightPx, coveredPx],
  );
  return { ...shown, from: Math.min(count, shown.from), to: Math.min(count, shown.to), heightPx, scrollTo };
}

type Places = { count: number; linePx: number; heightPx: number };

/** Lines beyond the last screenful cannot be scrolled to the top, however the height is scaled. */
const ratioOf = ({ count, linePx, heightPx }: Places): number => {
  const screenPx = window.innerHeight;
  return Math.max(1, count * linePx - screenPx) / Math.max(1, heightPx - screenPx);
};

/** How far the box must be scrolled for a line to be the first in sight. */
const placeOf = (line: number, places: Places): number => (line * places.linePx) / Math.max(1, ratioOf(places));

function windowAt(scrolledPx: number, places: Places): LineWindow {
  const { linePx } = places;
  const ratio = Math.max(1, ratioOf(places));
  const first = Math.max(0, (Math.max(0, scrolledPx) * ratio) / linePx);
  const from = Math.max(0, Math.floor(first) - SPARE_LINES);
  const lines = Math.ceil(window.innerHeight / linePx) + 2 * SPARE_LINES;
  // Without scaling lines stand where they are; with it they move with what is in sight.
  const topPx = ratio === 1 ? from * linePx : Math.max(0, scrolledPx) - (first - from) * linePx;
  return { from, to: from + lines, topPx };
}
