"use client";

import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTheme } from "@/components/providers/theme";
import { Kbd } from "@/components/ui/kbd";
import { serviceStyle } from "@/components/ui/service-style";
import { formatDuration } from "@/lib/format";
import { computeMinimap, deepestLevel, type MinimapCell } from "../domain/minimap-lanes";
import { colouredAs, serviceOf } from "../domain/span-text";
import { hasFlag, type TraceSkeleton } from "../domain/trace-skeleton";
import { toZoomWindow, type ZoomWindow } from "../domain/zoom-window";
import { tokenColour } from "./use-media";

const COLUMNS = 400;
const LANES = 12;
const HEIGHT_PX = 36;
const THICKEST_LANE_PX = 9;
/** A press that moved less is a click, which does nothing. */
const LEAST_DRAG_SHARE = 0.005;

type MinimapProps = { trace: TraceSkeleton; zoom: ZoomWindow; onZoom: (zoom: ZoomWindow) => void };

/** The whole trace at a glance, the visible window marked; dragging over it zooms there. */
export function WaterfallMinimap({ trace, zoom, onZoom }: MinimapProps) {
  const [drag, setDrag] = useState<{ fromUs: number; toUs: number } | undefined>(undefined);
  const place = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return (Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * trace.durationUs) as number;
  };
  const handleUp = () => {
    if (drag !== undefined && Math.abs(drag.toUs - drag.fromUs) > trace.durationUs * LEAST_DRAG_SHARE)
      onZoom(toZoomWindow(drag.fromUs, drag.toUs, trace.durationUs));
    setDrag(undefined);
  };
  const shown = drag === undefined ? zoom : toZoomWindow(drag.fromUs, drag.toUs, trace.durationUs);
  const share = (atUs: number) => `${(atUs / Math.max(1, trace.durationUs)) * 100}%`;
  return (
    <div
      className="relative h-[42px] touch-none overflow-hidden bg-sunken cursor-crosshair"
      onPointerCancel={() => setDrag(undefined)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ fromUs: place(event), toUs: place(event) });
      }}
      onPointerMove={(event) => {
        if (drag !== undefined) setDrag({ ...drag, toUs: place(event) });
      }}
      onPointerUp={handleUp}
    >
      <MinimapCanvas trace={trace} />
      <span aria-hidden className="absolute inset-y-0 left-0 bg-surface/60" style={{ width: share(shown.fromUs) }} />
      <span aria-hidden className="absolute inset-y-0 right-0 bg-surface/60" style={{ left: share(shown.toUs) }} />
      <span
        aria-hidden
        className="absolute inset-y-0 border-x-2 border-accent"
        style={{ left: share(shown.fromUs), right: `calc(100% - ${share(shown.toUs)})` }}
      />
    </div>
  );
}

function MinimapCanvas({ trace }: { trace: TraceSkeleton }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = useTheme();
  const cells = useMemo(() => computeMinimap(trace, { columns: COLUMNS, lanes: LANES }), [trace]);
  // Outside system: the canvas. `theme` is what its colours depend on.
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context != null) drawCells(context, trace, cells, theme === "dark" ? 0.45 : 0.4);
  }, [cells, trace, theme]);
  const label = `${formatDuration(trace.durationUs)} of ${trace.spanCount} spans, first from ${serviceOf(trace, 0)}`;
  return (
    <canvas
      aria-label={label}
      className="absolute inset-x-0 top-[3px] h-9 w-full [image-rendering:pixelated]"
      height={HEIGHT_PX}
      ref={canvas}
      role="img"
      width={COLUMNS}
    />
  );
}

function drawCells(context: CanvasRenderingContext2D, trace: TraceSkeleton, cells: MinimapCell[], paleAlpha: number) {
  const colours = new Map<string, string>();
  const colourOf = (name: string) => {
    const known = colours.get(name) ?? tokenColour(serviceStyle(name).colour);
    colours.set(name, known);
    return known;
  };
  const bad = tokenColour("bad");
  const lanePx = Math.min(THICKEST_LANE_PX, HEIGHT_PX / Math.min(LANES, deepestLevel(trace) + 1));
  context.clearRect(0, 0, COLUMNS, HEIGHT_PX);
  for (const { lane, column, span } of cells) {
    const isError = hasFlag(trace, span, "error");
    context.globalAlpha = isError || trace.childCount[span] === 0 ? 1 : paleAlpha;
    context.fillStyle = isError ? bad : colourOf(colouredAs(trace, span));
    context.fillRect(column, Math.round(lane * lanePx), 1, Math.max(1, Math.floor(lanePx) - 1));
  }
}

/** How much of the trace is in view, and how to come back. */
export function ZoomNote({ trace, zoom, onReset }: { trace: TraceSkeleton; zoom: ZoomWindow; onReset: () => void }) {
  const isWhole = zoom.fromUs === 0 && zoom.toUs >= trace.durationUs;
  return (
    <div className="flex flex-col justify-center overflow-hidden px-1 text-xs whitespace-nowrap text-ink-3">
      {isWhole ? (
        <span>drag to zoom</span>
      ) : (
        <button className="link text-left" onClick={onReset} type="button">
          {formatDuration(zoom.toUs - zoom.fromUs)} <Kbd>0</Kbd>
        </button>
      )}
    </div>
  );
}
