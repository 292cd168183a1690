import { type RefObject, useEffect, useRef } from "react";
import { scrollToRowPx } from "@/components/hooks/use-row-window";

/** The strip with the facts of the frame, on a phone above the bar of pages. */
const COVERED_BELOW_PX = 130;

type FlameScroll = {
  gridRef: RefObject<HTMLElement | null>;
  rowPx: number;
  coveredAbovePx: number;
  /** Row of the active frame. */
  row: number;
  /** What was selected last. */
  moved: unknown;
};

/** Brings the active frame into view when another span is selected, and only then. */
export function useFlameScroll({ gridRef, rowPx, coveredAbovePx, row, moved }: FlameScroll): void {
  const shown = useRef<unknown>(undefined);
  // Outside system: the page's scroll position.
  useEffect(() => {
    if (moved === undefined || shown.current === moved || gridRef.current === null) return;
    shown.current = moved;
    const topPx = gridRef.current.getBoundingClientRect().top + row * rowPx;
    const view = { fromPx: coveredAbovePx, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  }, [gridRef, rowPx, coveredAbovePx, row, moved]);
}
