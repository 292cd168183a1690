"use client";

import { useSearchParams } from "next/navigation";
import { lazy, type ReactNode, Suspense, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { Card } from "@/components/ui/card";
import { Kbd } from "@/components/ui/kbd";
import { deepestLevel } from "../domain/minimap-lanes";
import { countSpans, spanFinder, spanRef } from "../domain/span-text";
import { parseTraceAddress, toTraceAddress, VIEW_PARAMS } from "../domain/trace-address";
import { hasFlag, rowOf } from "../domain/trace-skeleton";
import { findNextSpan } from "../domain/waterfall-rows";
import type { Trace } from "../queries";
import { ServiceFilter } from "./service-filter";
import { TraceToolbar } from "./trace-toolbar";
import { useTraceViewState } from "./trace-view-state";
import { useTraceKeys, zoomToSpanOf } from "./use-trace-keys";
import { Waterfall, WaterfallRuler } from "./waterfall";
import { WaterfallMinimap, ZoomNote } from "./waterfall-minimap";

/** Browsers refuse addresses that change too often; a walk through rows is one change. */
const ADDRESS_DELAY_MS = 250;

const SpanDrawer = lazy(() => import("./span-drawer").then((module) => ({ default: module.SpanDrawer })));

/** Rows that prove what a reader pressed in the verdict; `key` changes with what is pressed. */
export type Outline = { key: string; rows: readonly number[] };

type TraceViewProps = {
  trace: Trace;
  /** Stands first in the toolbar: the switch between the views. */
  toolbarStart?: ReactNode;
  /** Drawn with an outline; the first of them is selected when the key changes. */
  outline?: Outline | undefined;
};

/** The waterfall of a trace, as its address says: `?span=` is an id or `at-ROW`. Later versions keep the view. */
export function TraceView({ trace, toolbarStart, outline }: TraceViewProps) {
  const { skeleton } = trace;
  const gridRef = useRef<HTMLDivElement>(null);
  const findRef = useRef<HTMLInputElement>(null);
  const params = useSearchParams();
  const [find, setFind] = useState(() => parseTraceAddress(skeleton, params).find);
  const { state, dispatch, visible } = useTraceViewState(skeleton, () => ({
    ...parseTraceAddress(skeleton, params),
    selected: findSpan(trace, params.get("span") ?? undefined),
  }));
  const isMatch = useMemo(() => spanFinder(skeleton, find), [skeleton, find]);
  const matches = useMemo(() => countSpans(skeleton.spanCount, isMatch), [skeleton, isMatch]);
  const levels = useMemo(() => deepestLevel(skeleton) + 1, [skeleton]);
  const { onGridKeyDown } = useTraceKeys({ trace: skeleton, state, visible, dispatch, gridRef, findRef });
  const openSpan = state.isDrawerOpen && state.selected !== undefined ? spanRef(skeleton, state.selected) : undefined;
  useViewInAddress([
    ...(openSpan === undefined ? [] : [["span", openSpan] satisfies [string, string]]),
    ...toTraceAddress(skeleton, { ...state, find }),
  ]);
  useSelectOutlined(outline, (span) => dispatch({ type: "select", span }));
  const step = (direction: 1 | -1, isWanted: (span: number) => boolean) => {
    const next = findNextSpan(skeleton.spanCount, state.selected, direction, isWanted);
    if (next !== undefined) dispatch({ type: "select", span: next });
  };
  const { selected } = state;
  const hasDrawer = state.isDrawerOpen && selected !== undefined;
  return (
    <>
      <TraceToolbar
        errors={trace.facts.errorSpanCount}
        find={find}
        findRef={findRef}
        levels={levels}
        matches={matches}
        onFind={setFind}
        onLevels={(count) => dispatch({ type: "levels", levels: count })}
        onNextError={() => step(1, (span) => hasFlag(skeleton, span, "error"))}
        onStep={(direction) => step(direction, isMatch)}
        start={toolbarStart}
      />
      <div className={`grid items-start gap-2.5 ${hasDrawer ? "desk:grid-cols-[minmax(0,1fr)_356px]" : ""}`}>
        <Card aria-label="Waterfall" className="wf overflow-clip">
          <div className="sticky top-12 z-10 bg-surface">
            <div className="wf-columns wf-head border-b border-line">
              <ServiceFilter
                hidden={state.hiddenServices}
                onToggle={(service) => dispatch({ type: "service", service })}
                trace={skeleton}
              />
              <WaterfallMinimap
                onZoom={(zoom) => dispatch({ type: "zoom", zoom })}
                trace={skeleton}
                zoom={state.zoom}
              />
              <ZoomNote onReset={() => dispatch({ type: "resetZoom" })} trace={skeleton} zoom={state.zoom} />
            </div>
            <WaterfallRuler rows={visible.length} spans={skeleton.spanCount} zoom={state.zoom} />
          </div>
          <Waterfall
            dispatch={dispatch}
            gridRef={gridRef}
            isMatch={isMatch}
            onKeyDown={onGridKeyDown}
            state={state}
            trace={skeleton}
            visible={visible}
          />
          <Legend />
        </Card>
        {hasDrawer && (
          <Suspense fallback={<Card aria-busy aria-label="Selected span" className="h-64" />}>
            <SpanDrawer
              onClose={() => dispatch({ type: "close" })}
              onSelect={(span) => dispatch({ type: "select", span })}
              onZoom={(span) => dispatch({ type: "zoom", zoom: zoomToSpanOf(skeleton, span) })}
              span={selected}
              trace={trace}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

/** Selects the first outlined row when something else is pressed, not when the page opens. */
function useSelectOutlined(outline: Outline | undefined, select: (span: number) => void): void {
  const shown = useRef(outline?.key);
  const first = outline?.rows[0];
  const handle = useEffectEvent(() => {
    if (shown.current === outline?.key) return;
    shown.current = outline?.key;
    if (first !== undefined) select(first);
  });
  // Outside system: what is pressed above the waterfall, which scrolls and selects here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is pressed.
  useEffect(() => handle(), [outline?.key]);
}

function findSpan({ skeleton }: Trace, ref: string | undefined): number | undefined {
  if (ref === undefined) return undefined;
  const row = /^at-(\d{1,7})$/.exec(ref);
  const span = row === null ? rowOf(skeleton, ref) : Number(row[1]);
  return span !== undefined && span < skeleton.spanCount ? span : undefined;
}

/** Keeps the address in step with the view, so that it can be given to a colleague. */
function useViewInAddress(view: [string, string][]): void {
  const text = new URLSearchParams(view).toString();
  // Outside system: the address bar.
  useEffect(() => {
    const timer = setTimeout(() => {
      const url = new URL(window.location.href);
      const before = url.search;
      for (const name of ["span", ...VIEW_PARAMS]) url.searchParams.delete(name);
      for (const [name, value] of new URLSearchParams(text)) url.searchParams.append(name, value);
      if (url.search !== before) window.history.replaceState(null, "", url);
    }, ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
}

function Legend() {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-2.5 py-1.5 text-xs text-ink-3">
      <span className="inline-flex items-center gap-1.5">
        <svg aria-hidden height="10" width="26">
          <rect className="opacity-35" fill="var(--s1)" height="8" width="26" y="1" />
          <rect fill="var(--s1)" height="8" width="9" y="1" />
        </svg>
        solid: own work, pale: waiting for children
      </span>
      <span className="inline-flex items-center gap-1.5">
        <b className="text-bad">×</b> failed
      </span>
      <span className="ml-auto max-phone:hidden">
        <Kbd>j</Kbd> <Kbd>k</Kbd> row, <Kbd>←</Kbd> <Kbd>→</Kbd> fold, <Kbd>↵</Kbd> details, <Kbd>e</Kbd> next error,{" "}
        <Kbd>z</Kbd> zoom, <Kbd>0</Kbd> all, <Kbd>f</Kbd> find
      </span>
    </div>
  );
}
