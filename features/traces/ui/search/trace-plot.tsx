"use client";

import { useMemo, useRef } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { formatCount, formatDuration } from "@/lib/format";
import type { TimeWindow } from "@/lib/time-range";
import { MS_PER_MINUTE } from "@/lib/units";
import type { DurationQuantiles, FactsReply } from "../../contract";
import { computeScatterScale, type ScatterScale } from "../../domain/scatter-scale";
import { type Brush, firstBrush } from "../../domain/search-view/brush";
import { durationBars, pointsIn, rateBars } from "../../domain/search-view/plot-bars";
import type { PlotPoint } from "../../domain/search-view/plot-points";
import type { PlotKind, ScaleKind } from "../../domain/search-view/search-address";
import { BRUSH_ID, BrushLayer } from "./brush-layer";
import { PlotFrame } from "./plot-frame";
import { PointsCanvas } from "./points-canvas";
import { type ElementSize, useElementSize } from "./use-element-size";
import { usePlotDeploys } from "./use-plot-deploys";
import { usePlotPointer } from "./use-plot-pointer";

const DURATION_BARS = 42;
const RATE_BARS = 72;

export type TracePlotProps = {
  points: readonly PlotPoint[] | undefined;
  /** The points are part of more traces. */
  isSample: boolean;
  totalCount: number;
  facts: Pick<FactsReply, "histogram" | "rate" | "heatmap"> | undefined;
  quantiles: DurationQuantiles | undefined;
  window: TimeWindow;
  kind: PlotKind;
  scaleKind: ScaleKind;
  /** Of the search; deploys of others are not drawn. */
  service: string | undefined;
  listed: { lowUs: number; highUs: number; text: string } | undefined;
  brush: Brush | undefined;
  onBrush: (brush: Brush | undefined) => void;
  onFilter: (brush: Brush) => void;
  onZoom: (brush: Brush) => void;
  onOpen: (traceId: string) => void;
  /** The row of the table that is marked. */
  activeId: string | undefined;
};

const NO_POINTS: readonly PlotPoint[] = [];

/** When each trace started and how long it took, × for one with errors; the table below is the same for the keyboard. */
export function TracePlot(props: TracePlotProps) {
  const { facts, window, kind, quantiles, brush: kept, isSample, onBrush } = props;
  const points = props.points ?? NO_POINTS;
  const box = useRef<HTMLDivElement>(null);
  const size = useElementSize(box);
  const isPhone = useMedia(PHONE);
  const scale = useScale(props, points, size, isPhone);
  const deploys = usePlotDeploys(window, props.service);
  const isHeat = kind === "heat" && facts !== undefined;
  const reachable = isHeat ? NO_POINTS : points;
  const { hovered, draft, grab, handlers } = usePlotPointer({
    box,
    scale,
    points: reachable,
    onBrush,
    onOpen: props.onOpen,
  });
  const brush = draft ?? kept;
  const selected = useMemo(() => pointsIn(points, brush), [points, brush]);
  const bars = useMemo(() => {
    if (scale === undefined) return undefined;
    const input = { scale, points: isSample || points.length === 0 ? undefined : points, selected, facts };
    return { durations: durationBars(input, DURATION_BARS), rates: rateBars(input, RATE_BARS) };
  }, [scale, points, selected, facts, isSample]);
  useShortcuts({
    b: () => {
      if (scale === undefined) return;
      const { frame, lowUs, highUs } = scale;
      const extent = { fromMs: scale.toMs(frame.left), toMs: scale.toMs(frame.right), lowUs, highUs };
      if (kept === undefined) onBrush(firstBrush(extent));
      requestAnimationFrame(() => document.getElementById(BRUSH_ID)?.focus({ preventScroll: true }));
    },
  });
  const active =
    hovered ?? (props.activeId === undefined ? undefined : points.find((p) => p.traceId === props.activeId));
  const count = isSample
    ? Math.round((selected.length / Math.max(1, points.length)) * props.totalCount)
    : selected.length;
  return (
    <div className={brush !== undefined && isPhone ? "pb-[45px]" : ""}>
      <div
        className={`relative h-[268px] touch-pan-y select-none max-phone:h-[236px] ${hovered === undefined ? "cursor-crosshair" : "cursor-pointer"}`}
        ref={box}
        {...handlers}
      >
        {scale !== undefined && size !== undefined && bars !== undefined && (
          <>
            <PlotFrame
              deploys={deploys}
              durations={bars.durations}
              isPhone={isPhone}
              label={describe(props.totalCount, quantiles)}
              listed={props.listed}
              quantiles={quantiles}
              rates={bars.rates}
              scale={scale}
              size={size}
              window={window}
            />
            <PointsCanvas
              brush={brush}
              heatmap={isHeat ? facts.heatmap : undefined}
              points={points}
              scale={scale}
              size={size}
            />
            {brush !== undefined && (
              <BrushLayer
                brush={brush}
                count={props.points === undefined ? undefined : count}
                isPhone={isPhone}
                isSample={isSample}
                onBrush={onBrush}
                onFilter={() => props.onFilter(brush)}
                onGrab={grab}
                onZoom={() => props.onZoom(brush)}
                scale={scale}
                widthPx={size.widthPx}
              />
            )}
            {active !== undefined && draft === undefined && (
              <ActivePoint isNamed={active === hovered} point={active} scale={scale} widthPx={size.widthPx} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function useScale(
  { facts, window, scaleKind }: TracePlotProps,
  points: readonly PlotPoint[],
  size: ElementSize | undefined,
  isPhone: boolean,
): ScatterScale | undefined {
  const [firstBin, lastBin] = [facts?.histogram[0], facts?.histogram.at(-1)];
  return useMemo(() => {
    if (size === undefined) return undefined;
    const frame = isPhone
      ? { left: 48, right: size.widthPx - 72, top: 8, bottom: size.heightPx - 44 }
      : { left: 56, right: size.widthPx - 208, top: 8, bottom: size.heightPx - 50 };
    const clockOffsetMs = -new Date(window.toMs).getTimezoneOffset() * MS_PER_MINUTE;
    // Until the points are there, the bins of the answer tell how far they will reach.
    const bins = [firstBin?.fromUs ?? 0, lastBin?.fromUs ?? 0];
    const extent = points.length > 0 ? points : bins.map((durationUs) => ({ startMs: window.fromMs, durationUs }));
    return computeScatterScale({ points: extent, window, frame, clockOffsetMs, kind: scaleKind });
  }, [points, window, size, isPhone, scaleKind, firstBin?.fromUs, lastBin?.fromUs]);
}

/** A ring around the trace the pointer or the table means, and for the pointer what it is. */
function ActivePoint(props: { point: PlotPoint; isNamed: boolean; scale: ScatterScale; widthPx: number }) {
  const { point, scale, widthPx } = props;
  const x = scale.toX(point.startMs);
  const y = scale.toY(point.durationUs);
  const isLeft = x > widthPx / 2;
  return (
    <>
      <span
        aria-hidden
        className="pointer-events-none absolute size-3 -translate-1/2 rounded-full border-2 border-accent"
        style={{ left: x, top: y }}
      />
      {props.isNamed && (
        <div
          className={`pointer-events-none absolute z-[5] max-w-[280px] rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-raised ${isLeft ? "-translate-x-full" : ""}`}
          style={{ left: isLeft ? x - 12 : x + 12, top: Math.max(0, y - 22) }}
        >
          <p className="truncate font-medium">{point.operation || "root span missing"}</p>
          <p className="whitespace-nowrap text-ink-2">
            <b className="text-ink">{formatDuration(point.durationUs)}</b>, {point.service || "unknown service"}
            {point.errorCount > 0 && <span className="text-bad">, × {point.errorCount}</span>}
          </p>
        </div>
      )}
    </>
  );
}

function describe(totalCount: number, quantiles: DurationQuantiles | undefined): string {
  if (quantiles === undefined)
    return totalCount === 0 ? "No traces in this window" : `${formatCount(totalCount)} traces`;
  const { p50Us, p95Us } = quantiles;
  return `${formatCount(totalCount)} traces, median ${formatDuration(p50Us)}, p95 ${formatDuration(p95Us)}. The table below lists them.`;
}
