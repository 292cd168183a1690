"use client";

import type { RefObject } from "react";
import { Card } from "@/components/ui/card";
import { ServiceFilter } from "./service-filter";
import type { Outline, TraceViewAction, TraceViewState } from "./trace-view-state";
import { useTraceKeys } from "./use-trace-keys";
import type { WaterfallView } from "./use-waterfall";
import { Waterfall } from "./waterfall";
import { WaterfallLegend } from "./waterfall-legend";
import { WaterfallMinimap, ZoomNote } from "./waterfall-minimap";
import { WaterfallRuler } from "./waterfall-ruler";

type WaterfallCardProps = {
  view: WaterfallView;
  state: TraceViewState;
  dispatch: (action: TraceViewAction) => void;
  outline: Outline | undefined;
  gridRef: RefObject<HTMLDivElement | null>;
  hasDrawer: boolean;
};

/** The waterfall with what stands above and below its rows: services, minimap, ruler, legend. */
export function WaterfallCard({ view, state, dispatch, outline, gridRef, hasDrawer }: WaterfallCardProps) {
  const { trace, plan } = view;
  const { onGridKeyDown } = useTraceKeys({ view, state, dispatch, gridRef });
  const last = view.usual !== undefined ? "usual" : view.line !== undefined ? "path" : "none";
  return (
    <Card aria-label="Waterfall" className="wf overflow-clip" data-drawer={hasDrawer || undefined} data-last={last}>
      <div className="sticky top-12 z-10 bg-surface">
        <div className="wf-columns wf-head border-b border-line">
          <ServiceFilter
            hidden={state.hiddenServices}
            onToggle={(service) => dispatch({ type: "service", service })}
            trace={trace}
          />
          <WaterfallMinimap
            onZoom={(zoom) => dispatch({ type: "zoom", zoom })}
            plan={plan}
            trace={trace}
            zoom={state.zoom}
          />
          <ZoomNote onReset={() => dispatch({ type: "resetZoom" })} trace={trace} zoom={state.zoom} />
        </div>
        <WaterfallRuler
          lastColumn={last === "usual" ? "Usual, now" : "On path"}
          rows={view.layout.count}
          spans={trace.spanCount}
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
  );
}
