"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { lazy, Suspense, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { spanRef } from "../domain/span-text";
import { parseTraceAddress, toTraceAddress, VIEW_PARAMS } from "../domain/trace-address";
import { hasFlag, rowOf } from "../domain/trace-skeleton";
import type { TracePlan } from "../domain/waterfall/trace-plan";
import { toUsualOfTrace } from "../domain/waterfall/usual-rows";
import { type Trace, usualQuery } from "../queries";
import { ServiceFilter } from "./service-filter";
import { TraceToolbar } from "./trace-toolbar";
import { type Outline, useTraceViewState } from "./trace-view-state";
import { stepTo, useTraceKeys, zoomToSpanOf } from "./use-trace-keys";
import { usePlannedTrace } from "./use-trace-plan";
import { useWaterfall } from "./use-waterfall";
import { Waterfall } from "./waterfall";
import { WaterfallLegend } from "./waterfall-legend";
import { WaterfallMinimap, ZoomNote } from "./waterfall-minimap";
import { WaterfallRuler } from "./waterfall-ruler";

/** Browsers refuse addresses that change too often; a walk through rows is one change. */
const ADDRESS_DELAY_MS = 250;

const SpanDrawer = lazy(() => import("./drawer/span-drawer").then((module) => ({ default: module.SpanDrawer })));

type TraceViewProps = {
  trace: Trace;
  /** Drawn with an outline; the first of them is selected when the key changes. */
  outline?: Outline | undefined;
  /** Template of a link to logs; see `toLogsUrl`. */
  logsUrl?: string | undefined;
};

/** The waterfall of a trace, as its address says: `?span=` is an id or `at-ROW`. Later versions keep the view. */
export function TraceView(props: TraceViewProps) {
  const planned = usePlannedTrace(props.trace);
  if (planned !== undefined) return <PlannedTraceView {...props} plan={planned.plan} trace={planned.trace} />;
  return (
    <Card aria-busy aria-label="Waterfall">
      <LoadingRows rowHeightPx={24} rows={20} />
    </Card>
  );
}

function PlannedTraceView({ trace, plan, outline, logsUrl }: TraceViewProps & { plan: TracePlan }) {
  const { skeleton } = trace;
  const gridRef = useRef<HTMLDivElement>(null);
  const findRef = useRef<HTMLInputElement>(null);
  const params = useSearchParams();
  const { state, dispatch, context } = useTraceViewState(skeleton, plan, () => ({
    ...parseTraceAddress(skeleton, params),
    selected: findSpan(trace, params.get("span") ?? undefined),
  }));
  const { usual, noUsual } = useUsual(trace);
  const { view, query } = useWaterfall(context, state, usual);
  const keys = { view, state, dispatch, gridRef, findRef };
  const { onGridKeyDown } = useTraceKeys(keys);
  const { selected } = state;
  const hasDrawer = state.isDrawerOpen && selected !== undefined;
  const openSpan = hasDrawer ? spanRef(skeleton, selected.span) : undefined;
  useViewInAddress([
    ...(openSpan === undefined ? [] : [["span", openSpan] satisfies [string, string]]),
    ...toTraceAddress(skeleton, state),
  ]);
  useSelectOutlined(outline, (span) => dispatch({ type: "select", span }));
  const last = view.usual !== undefined ? "usual" : view.line !== undefined ? "path" : "none";
  return (
    <>
      <TraceToolbar
        errors={trace.facts.errorSpanCount}
        find={state.find}
        findRef={findRef}
        isFiltering={state.isFiltering}
        levels={plan.deepest + 1}
        matches={view.matches.count}
        mistakes={query.mistakes}
        noUsual={noUsual}
        onFilter={(isOn) => dispatch({ type: "filter", isOn })}
        onFind={(text) => dispatch({ type: "find", text })}
        onLevels={(levels) => dispatch({ type: "levels", levels })}
        onNextError={() => stepTo(keys, 1, (span) => hasFlag(skeleton, span, "error"))}
        onStep={(step) => stepTo(keys, step, view.isFound)}
        onSwitch={(name) => dispatch({ type: "switch", name })}
        switches={state.switches}
      />
      <div className={`grid items-start gap-2.5 ${hasDrawer ? "desk:grid-cols-[minmax(0,1fr)_356px]" : ""}`}>
        <Card aria-label="Waterfall" className="wf overflow-clip" data-drawer={hasDrawer || undefined} data-last={last}>
          <div className="sticky top-12 z-10 bg-surface">
            <div className="wf-columns wf-head border-b border-line">
              <ServiceFilter
                hidden={state.hiddenServices}
                onToggle={(service) => dispatch({ type: "service", service })}
                trace={skeleton}
              />
              <WaterfallMinimap
                onZoom={(zoom) => dispatch({ type: "zoom", zoom })}
                plan={plan}
                trace={skeleton}
                zoom={state.zoom}
              />
              <ZoomNote onReset={() => dispatch({ type: "resetZoom" })} trace={skeleton} zoom={state.zoom} />
            </div>
            <WaterfallRuler
              lastColumn={last === "usual" ? "Usual, now" : "On path"}
              rows={view.layout.count}
              spans={skeleton.spanCount}
              zoom={state.zoom}
            />
          </div>
          <Waterfall
            dispatch={dispatch}
            gridRef={gridRef}
            onKeyDown={onGridKeyDown}
            outline={outline}
            state={state}
            view={view}
          />
          <WaterfallLegend hasPath={view.line !== undefined} hasUsual={view.usual !== undefined} />
        </Card>
        {hasDrawer && (
          <Suspense fallback={<Card aria-busy aria-label="Selected span" className="h-64" />}>
            <SpanDrawer
              dispatch={dispatch}
              logsUrl={logsUrl}
              onZoom={(span) => dispatch({ type: "zoom", zoom: zoomToSpanOf(skeleton, span) })}
              selection={selected}
              trace={trace}
              view={view}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

/** What is usual beside this trace, or why nothing is said about it. */
function useUsual({ traceId, version, skeleton }: Trace) {
  const { data, isPending } = useQuery(usualQuery({ traceId, version }));
  const usual = useMemo(
    () => (data === undefined ? undefined : toUsualOfTrace(data, skeleton, version)),
    [data, skeleton, version],
  );
  if (usual !== undefined) return { usual, noUsual: undefined };
  const count = data?.baseline.traceCount ?? 0;
  return {
    usual,
    noUsual: isPending
      ? "Looking at earlier traces of this operation"
      : `Too few earlier traces of this operation to say what is usual (${count})`,
  };
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
