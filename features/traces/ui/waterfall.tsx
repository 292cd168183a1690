"use client";

import { type KeyboardEvent, type MouseEvent, memo, type RefObject, useEffect, useRef } from "react";
import { formatCount, formatDuration } from "@/lib/format";
import { computeLinearTicks } from "../domain/axis-ticks";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import { findVisibleIndex } from "../domain/waterfall-rows";
import type { ZoomWindow } from "../domain/zoom-window";
import { HEAD_ROLE, HEAD_ROW } from "./grid-roles";
import type { TraceViewAction, TraceViewState } from "./trace-view-state";
import { PHONE, useMedia } from "./use-media";
import { scrollToRowPx, useRowWindow } from "./use-row-window";
import { rowId, WaterfallRow } from "./waterfall-row";
import "./waterfall.css";

const ROW_PX = 24;
const PHONE_ROW_PX = 46;
/** The top bar and the ruler stand over the rows. */
const COVERED_ABOVE_PX = 120;
const COVERED_BELOW_PX = 72;

type WaterfallProps = {
  trace: TraceSkeleton;
  state: TraceViewState;
  visible: Int32Array;
  isMatch: (span: number) => boolean;
  dispatch: (action: TraceViewAction) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  gridRef: RefObject<HTMLDivElement | null>;
};

/**
 * The spans of a trace as a tree grid. Only rows near the viewport exist, the page itself scrolls, and one element has
 * the focus and names the active row, so that a row that leaves the screen does not take the focus with it.
 */
export function Waterfall({ trace, state, visible, isMatch, dispatch, onKeyDown, gridRef }: WaterfallProps) {
  const rowPx = useMedia(PHONE) ? PHONE_ROW_PX : ROW_PX;
  const { from, to } = useRowWindow(gridRef, rowPx, visible.length);
  useScrollToSelected({ gridRef, rowPx, visible, selected: state.selected });
  const handleClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const span = Number(target?.closest("[data-span]")?.getAttribute("data-span") ?? Number.NaN);
    if (Number.isNaN(span)) return;
    gridRef.current?.focus({ preventScroll: true });
    const fold = target?.closest("[data-fold]")?.getAttribute("data-fold");
    if (fold === undefined || fold === null) dispatch({ type: "select", span, isOpening: true });
    else dispatch({ type: "fold", span, isFolded: fold === "close" });
  };
  const activeRow = state.selected === undefined ? undefined : rowId(state.selected);
  return (
    <div
      aria-activedescendant={activeRow}
      aria-label="Spans"
      aria-rowcount={visible.length + 1}
      className="relative outline-offset-[-2px]"
      onClick={handleClick}
      onKeyDown={onKeyDown}
      ref={gridRef}
      role="treegrid"
      style={{ height: visible.length * rowPx }}
      tabIndex={0}
    >
      <div className="sr-only" {...HEAD_ROW}>
        <span {...HEAD_ROLE}>Span</span>
        <span {...HEAD_ROLE}>Timeline</span>
        <span {...HEAD_ROLE}>Time</span>
      </div>
      <GridLines zoom={state.zoom} />
      {Array.from(visible.subarray(from, to), (span, at) => (
        <WaterfallRow
          index={from + at}
          isFolded={state.folds[span] === 1}
          isMatch={isMatch(span)}
          isSelected={span === state.selected}
          key={span}
          span={span}
          topPx={(from + at) * rowPx}
          trace={trace}
          zoom={state.zoom}
        />
      ))}
    </div>
  );
}

type ScrollInput = Pick<WaterfallProps, "gridRef" | "visible"> & { rowPx: number; selected: number | undefined };

/** Brings the selected row into view when the selection moves, and only then. */
function useScrollToSelected({ gridRef, rowPx, visible, selected }: ScrollInput): void {
  const shown = useRef<number | undefined>(undefined);
  // Outside system: the page's scroll position.
  useEffect(() => {
    if (selected === undefined || shown.current === selected || gridRef.current === null) return;
    shown.current = selected;
    const index = findVisibleIndex(visible, selected);
    if (index < 0) return;
    const topPx = gridRef.current.getBoundingClientRect().top + index * rowPx;
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  }, [gridRef, rowPx, visible, selected]);
}

/** Faint lines at the ruler's ticks, behind all rows. */
const GridLines = memo(function GridLines({ zoom }: { zoom: ZoomWindow }) {
  return (
    <div aria-hidden className="wf-columns wf-frame pointer-events-none absolute inset-0">
      <span className="wf-only-wide border-r border-line" />
      <span className="relative">
        <TickMarks zoom={zoom} />
      </span>
      <span className="wf-only-wide border-l border-line" />
    </div>
  );
});

function TickMarks({ zoom }: { zoom: ZoomWindow }) {
  return computeLinearTicks(zoom.fromUs, zoom.toUs, 6).map((atUs) => (
    <span className="absolute inset-y-0 w-px bg-grid" key={atUs} style={{ left: placeOf(atUs, zoom) }} />
  ));
}

/** The times above the rows. */
export function WaterfallRuler({ zoom, rows, spans }: { zoom: ZoomWindow; rows: number; spans: number }) {
  const isNarrow = useMedia(PHONE);
  // Times are whole microseconds: between two of them there is nothing to mark.
  const maxTicks = Math.min(isNarrow ? 3 : 6, Math.max(1, Math.floor(zoom.toUs - zoom.fromUs)));
  const ticks = computeLinearTicks(zoom.fromUs, zoom.toUs, maxTicks);
  const last = zoom.fromUs + (zoom.toUs - zoom.fromUs) * 0.93;
  return (
    <div
      aria-hidden
      className="wf-columns wf-frame h-[22px] border-b border-line-strong text-[10.5px]/[21px] text-ink-3"
    >
      <span className="wf-only-wide truncate border-r border-line pl-2.5 text-xs/[21px]">
        <b className="font-semibold text-ink">
          {formatCount(rows)} {rows === 1 ? "row" : "rows"}
        </b>{" "}
        for {formatCount(spans)} {spans === 1 ? "span" : "spans"}
      </span>
      <span className="relative overflow-hidden">
        {ticks
          .filter((atUs) => atUs <= last)
          .map((atUs) => (
            <span
              className={`absolute whitespace-nowrap ${atUs === zoom.fromUs ? "translate-x-1" : "-translate-x-1/2"}`}
              key={atUs}
              style={{ left: placeOf(atUs, zoom) }}
            >
              {formatDuration(atUs)}
            </span>
          ))}
        <span className="absolute right-1 bg-surface pl-1 font-semibold whitespace-nowrap text-ink">
          {formatDuration(zoom.toUs)}
        </span>
      </span>
      <span className="wf-only-wide border-l border-line pr-2 text-right text-xs/[21px]">Time</span>
    </div>
  );
}

function placeOf(atUs: number, zoom: ZoomWindow): string {
  return `${((atUs - zoom.fromUs) / (zoom.toUs - zoom.fromUs)) * 100}%`;
}
