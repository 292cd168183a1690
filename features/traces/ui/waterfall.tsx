"use client";

import { type KeyboardEvent, type MouseEvent, memo, type RefObject, useEffect, useMemo, useRef } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { type RowWindow, rowsByPlace, scrollToRowPx, useRowWindow } from "@/components/hooks/use-row-window";
import { computeLinearTicks } from "../domain/axis-ticks";
import { locateSpan, locateSpans, rowAt } from "../domain/waterfall/locate-row";
import type { ZoomWindow } from "../domain/zoom-window";
import { HEAD_ROLE, HEAD_ROW } from "./grid-roles";
import type { Outline, Selection, TraceViewAction, TraceViewState } from "./trace-view-state";
import { activeIndex, selectionAt, type WaterfallView } from "./use-waterfall";
import { PathOverlay, type RowPlaces } from "./waterfall-rows/path-overlay";
import { rowId } from "./waterfall-rows/row-shell";
import { WaterfallRow } from "./waterfall-rows/waterfall-row";
import "./waterfall.css";

const SIZES = {
  wide: { rowPx: 24, heroExtraPx: 22, pathPx: 17.5, heroPathPx: 39 },
  phone: { rowPx: 46, heroExtraPx: 40, pathPx: 42, heroPathPx: 82 },
};
const FEW_OUTLINED = 50;
/** The top bar and the ruler stand over the rows. */
const COVERED_ABOVE_PX = 120;
const COVERED_BELOW_PX = 72;

type WaterfallProps = {
  view: WaterfallView;
  state: TraceViewState;
  outline: Outline | undefined;
  dispatch: (action: TraceViewAction) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  gridRef: RefObject<HTMLDivElement | null>;
};

/**
 * The rows of a trace as a tree grid. Only rows near the viewport exist, the page itself scrolls, and one element has
 * the focus and names the active row, so that a row that leaves the screen does not take the focus with it.
 */
export function Waterfall({ view, state, outline, dispatch, onKeyDown, gridRef }: WaterfallProps) {
  const { layout } = view;
  const { places, rowPx, heightPx } = useRowPlaces(view);
  const window = useRowWindow(gridRef, rowPx, layout.count);
  const { from, to } = window;
  const active = activeIndex(view, state.selected);
  const outlined = useMemo(() => outlinedRows(view, outline), [view, outline]);
  useScrollToActive({ gridRef, places, rowPx, active, selected: state.selected });
  const handleClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const index = Number(target?.closest("[data-row]")?.getAttribute("data-row") ?? Number.NaN);
    const selection = Number.isNaN(index) ? undefined : selectionAt(view, index);
    if (selection === undefined) return;
    gridRef.current?.focus({ preventScroll: true });
    const fold = target?.closest("[data-fold]")?.getAttribute("data-fold");
    if (fold === undefined || fold === null) dispatch({ type: "selectRow", selection, isOpening: true });
    else setOpen(view, selection, fold === "open", dispatch);
  };
  return (
    <div
      aria-activedescendant={active === -1 ? undefined : rowId(active)}
      aria-label="Spans"
      aria-owns={idsOf(window)}
      aria-rowcount={layout.count + 1}
      className="relative outline-offset-[-2px]"
      onClick={handleClick}
      onKeyDown={onKeyDown}
      ref={gridRef}
      role="treegrid"
      style={{ height: heightPx }}
      tabIndex={0}
    >
      <div className="sr-only" {...HEAD_ROW}>
        <span {...HEAD_ROLE}>Span</span>
        <span {...HEAD_ROLE}>Timeline</span>
        <span {...HEAD_ROLE}>Time</span>
        <span {...HEAD_ROLE}>{view.usual === undefined ? "On the critical path" : "Usual, now"}</span>
      </div>
      <GridLines zoom={state.zoom} />
      {rowsByPlace(window).map((index, place) => {
        const row = index === undefined ? undefined : rowAt(layout, index);
        if (index === undefined || row === undefined) return null;
        return (
          <WaterfallRow
            index={index}
            isExpanded={isExpanded(view, state, row)}
            isOutlined={outlined.has(index)}
            isSelected={index === active}
            // biome-ignore lint/suspicious/noArrayIndexKey: a place, not a row: scrolling changes elements and makes none
            key={place}
            kind={row.kind}
            refIndex={row.ref}
            topPx={places.topOf(index)}
            view={view}
            zoom={state.zoom}
          />
        );
      })}
      {view.line !== undefined && to > from && (
        <PathOverlay from={from} line={view.line} places={places} to={to} zoom={state.zoom} />
      )}
    </div>
  );
}

/** Where rows stand: all alike but the one taller one. */
function useRowPlaces({ layout, hero }: WaterfallView) {
  const size = SIZES[useMedia(PHONE) ? "phone" : "wide"];
  const heroIndex = layout.indexOfGroup[hero] ?? -1;
  return useMemo(() => {
    const extraAt = (index: number) => (heroIndex !== -1 && index > heroIndex ? size.heroExtraPx : 0);
    const places: RowPlaces = {
      topOf: (index) => index * size.rowPx + extraAt(index),
      pathOffsetOf: (index) => (index === heroIndex ? size.heroPathPx : size.pathPx),
    };
    return { places, rowPx: size.rowPx, heightPx: places.topOf(layout.count) };
  }, [layout, heroIndex, size]);
}

/** The rows in their order, which elements that stay where they are do not have. */
function idsOf({ from, to }: RowWindow): string | undefined {
  if (to <= from) return undefined;
  return Array.from({ length: to - from }, (_, at) => rowId(from + at)).join(" ");
}

type Row = NonNullable<ReturnType<typeof rowAt>>;

function isExpanded({ trace, plan, shorts }: WaterfallView, state: TraceViewState, { kind, ref }: Row) {
  if (kind === "group") return state.openGroups.has(plan.groups.rows[plan.groups.start[ref] ?? 0] ?? -1);
  if (kind === "short") return state.openShorts.has(shorts.rows[shorts.start[ref] ?? 0] ?? -1);
  return kind === "span" && (trace.childCount[ref] ?? 0) > 0 ? state.folds[ref] !== 1 : undefined;
}

function setOpen(
  { plan, shorts }: WaterfallView,
  { kind, ref }: Selection,
  isOpen: boolean,
  dispatch: (action: TraceViewAction) => void,
): void {
  if (kind === "span") dispatch({ type: "fold", span: ref, isFolded: !isOpen });
  if (kind !== "group" && kind !== "short") return;
  const first = kind === "group" ? plan.groups.rows[plan.groups.start[ref] ?? 0] : shorts.rows[shorts.start[ref] ?? 0];
  dispatch({ type: "openFold", kind, first: first ?? 0, isOpen });
}

function outlinedRows(view: WaterfallView, outline: Outline | undefined): ReadonlySet<number> {
  const rows = outline?.rows ?? [];
  if (rows.length < FEW_OUTLINED) return new Set(rows.map((span) => locateSpan(view, span)));
  // One pass for all: each on its own climbs to the first row shown, which may be 20,000 levels up.
  const places = locateSpans(view);
  return new Set(rows.map((span) => places[span] ?? -1));
}

function namesFindingOnly(search: string): boolean {
  const params = new URLSearchParams(search);
  return params.has("finding") && !params.has("span");
}

type ScrollInput = {
  gridRef: RefObject<HTMLDivElement | null>;
  places: RowPlaces;
  rowPx: number;
  active: number;
  selected: Selection | undefined;
};

/** Brings the active row into view when the selection moves, and only then. */
function useScrollToActive({ gridRef, places, rowPx, active, selected }: ScrollInput): void {
  const shown = useRef<Selection | undefined>(undefined);
  const isOpened = useRef(false);
  // Outside system: the page's scroll position.
  useEffect(() => {
    // An address that names a finding opens at the verdict; its row is marked and stays where it is.
    if (!isOpened.current && namesFindingOnly(window.location.search)) shown.current = selected;
    isOpened.current = true;
    if (selected === undefined || shown.current === selected || gridRef.current === null || active === -1) return;
    shown.current = selected;
    const topPx = gridRef.current.getBoundingClientRect().top + places.topOf(active);
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  }, [gridRef, places, rowPx, active, selected]);
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
    <span
      className="absolute inset-y-0 w-px bg-grid"
      key={atUs}
      style={{ left: `${((atUs - zoom.fromUs) / (zoom.toUs - zoom.fromUs)) * 100}%` }}
    />
  ));
}
