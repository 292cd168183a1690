"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { type ReactNode, Suspense, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { spanRef } from "../domain/span-text";
import { parseTraceAddress, toTraceAddress } from "../domain/trace-address";
import { hasFlag, rowOf } from "../domain/trace-skeleton";
import { firstZoomOf } from "../domain/waterfall/first-rows";
import type { TracePlan } from "../domain/waterfall/trace-plan";
import { toUsualOfTrace } from "../domain/waterfall/usual-rows";

import { type Trace, usualQuery } from "../queries";
import { TraceToolbar } from "./trace-toolbar";
import { type InitialView, type Outline, useTraceViewState } from "./trace-view-state";
import { useSelectedAs } from "./use-selected-as";
import { zoomToSpanOf } from "./use-trace-keys";
import { usePlannedTrace } from "./use-trace-plan";
import { useViewAddress } from "./use-view-address";
import { stepTo, useViewKeys } from "./use-view-keys";
import { useWaterfall } from "./use-waterfall";
import { ShownView } from "./views/shown-view";
import { VIEW_PANEL_ID, viewTabId } from "./views/view-tabs";

const SpanDrawer = lazyPart(() => import("./drawer/span-drawer").then((module) => module.SpanDrawer));

type TraceViewProps = {
  trace: Trace;
  /** Drawn with an outline; the first of them is selected when the key changes. */
  outline?: Outline | undefined;
  /** Stands where the rows will until they can be drawn. */
  waiting: ReactNode;
  /** Template of a link to logs; see `toLogsUrl`. */
  logsUrl?: string | undefined;
};

/** The views of a trace, as its address says: `?span=` is an id or `at-ROW`. Later versions keep the view. */
export function TraceView(props: TraceViewProps) {
  const planned = usePlannedTrace(props.trace);
  if (planned === undefined) return props.waiting;
  return <PlannedTraceView {...props} plan={planned.plan} trace={planned.trace} />;
}

function PlannedTraceView({ trace, plan, outline, logsUrl }: TraceViewProps & { plan: TracePlan }) {
  const { skeleton } = trace;
  const gridRef = useRef<HTMLDivElement>(null);
  const findRef = useRef<HTMLInputElement>(null);
  const params = useSearchParams();
  const { state, dispatch, context } = useTraceViewState(skeleton, plan, () => readView(trace, plan, params));
  const { usual, noUsual } = useUsual(trace);
  const { view, query, attributes } = useWaterfall(context, state, usual, trace);
  const as = useSelectedAs({ context, usual: view.usual, state, dispatch, opened: params.get("as") ?? undefined });
  const keys = { trace: skeleton, state, dispatch, isFound: view.isFound, gridRef, findRef };
  useViewKeys(keys);
  const { selected, viewName } = state;
  const hasDrawer = state.isDrawerOpen && selected !== undefined;
  const root = viewName === "flame" && state.flameRoot !== undefined ? spanRef(skeleton, state.flameRoot) : undefined;
  useViewAddress(
    [
      ...(root === undefined ? [] : [["root", root] satisfies [string, string]]),
      ...(selected === undefined ? [] : selectedParams(spanRef(skeleton, selected.span), as, hasDrawer)),
      ...toTraceAddress(skeleton, state),
    ],
    (address) => dispatch({ type: "return", view: readView(trace, plan, address) }),
  );
  useSelectOutlined(outline, params.get("finding") ?? undefined, (span) => dispatch({ type: "select", span }));
  // A table has no scale: there the span is shown in the waterfall.
  const zoomTo = (span: number) => {
    if (viewName === "flame") return dispatch({ type: "flameRoot", span });
    dispatch({ type: "zoom", zoom: zoomToSpanOf(skeleton, span) });
    dispatch({ type: "view", name: "waterfall" });
  };
  const shown = { trace, view, state, dispatch, outline, gridRef, hasDrawer, hasQuery: query.terms.length > 0 };
  return (
    <>
      <TraceToolbar
        errors={trace.facts.errorSpanCount}
        find={state.find}
        findRef={findRef}
        isFiltering={state.isFiltering}
        levels={plan.deepest + 1}
        looking={attributes}
        matches={view.matches.count}
        mistakes={query.mistakes}
        noUsual={noUsual}
        onFilter={(isOn) => dispatch({ type: "filter", isOn })}
        onFind={(text) => dispatch({ type: "find", text })}
        onLevels={(levels) => dispatch({ type: "levels", levels })}
        onNextError={() => stepTo(keys, 1, (span) => hasFlag(skeleton, span, "error"))}
        onStep={(step) => stepTo(keys, step, view.isFound)}
        onSwitch={(name) => dispatch({ type: "switch", name })}
        onView={(name) => dispatch({ type: "view", name })}
        switches={state.switches}
        viewName={viewName}
      />
      <div className={`grid items-start gap-2.5 ${hasDrawer ? "desk:grid-cols-[minmax(0,1fr)_356px]" : ""}`}>
        <div aria-labelledby={viewTabId(viewName)} className="min-w-0" id={VIEW_PANEL_ID} role="tabpanel">
          <ShownView {...shown} />
        </div>
        {hasDrawer && (
          <Suspense fallback={<Card aria-busy aria-label="Selected span" className="h-64" />}>
            <SpanDrawer
              dispatch={dispatch}
              logsUrl={logsUrl}
              onZoom={(span) => zoomTo(span)}
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

/** The view that an address of this trace asks for. */
function readView(trace: Trace, plan: TracePlan, params: Pick<URLSearchParams, "get" | "getAll" | "has">): InitialView {
  return {
    ...parseTraceAddress(trace.skeleton, params),
    ...(params.has("zoom") ? {} : { zoom: firstZoomOf(trace, plan) }),
    selected: findSpan(trace, params.get("span") ?? params.get("row") ?? undefined),
    selectedAs: params.get("as") ?? undefined,
    isDrawerOpen: params.has("span"),
    flameRoot: findSpan(trace, params.get("root") ?? undefined),
  };
}

/** What is selected: `span` with its details open, else `row`; `as` where another row is meant that the span stands for. */
function selectedParams(span: string, as: string | undefined, hasDrawer: boolean): [string, string][] {
  return [[hasDrawer ? "span" : "row", span], ...(as === undefined ? [] : [["as", as] satisfies [string, string]])];
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

/**
 * Selects the first outlined row when something else is pressed, not when the page opens: what its address names
 * (`opened`) is outlined only, and the verdict above stays in sight, however late it comes.
 */
function useSelectOutlined(
  outline: Outline | undefined,
  opened: string | undefined,
  select: (span: number) => void,
): void {
  const shown = useRef(outline?.key ?? opened);
  const first = outline?.rows[0];
  const handle = useEffectEvent(() => {
    if (shown.current === outline?.key || (outline === undefined && opened !== undefined)) return;
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
