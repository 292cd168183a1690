"use client";

import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTheme } from "@/components/providers/theme";
import { Kbd } from "@/components/ui/kbd";
import { serviceStyle } from "@/components/ui/service-style";
import { formatDuration } from "@/lib/format";
import { MINIMAP_SIZE, type MinimapCell, toMinimapCells } from "../domain/minimap-lanes";
import { colouredAs } from "../domain/span-text";
import { hasFlag, type TraceSkeleton } from "../domain/trace-skeleton";
import type { TracePlan } from "../domain/waterfall/trace-plan";
import { panZoom, scaleZoom, toZoomWindow, type ZoomWindow } from "../domain/zoom-window";
import { tokenColour } from "./token-colour";

const { columns: COLUMNS, lanes: LANES } = MINIMAP_SIZE;
const HEIGHT_PX = 36;
const THICKEST_LANE_PX = 9;
/** A press that moved less is a click, which does nothing. */
const LEAST_DRAG_SHARE = 0.005;

/** How far one press of a key moves or scales the window. */
const PAN_SHARE = 0.1;
const CLOSER = 0.8;

type MinimapProps = { trace: TraceSkeleton; plan: TracePlan; zoom: ZoomWindow; onZoom: (zoom: ZoomWindow) => void };

/** The whole trace at a glance, the visible window marked; dragging over it zooms there, arrows move, + and - scale. */
export function WaterfallMinimap({ trace, plan, zoom, onZoom }: MinimapProps) {
  const [drag, setDrag] = useState<{ fromUs: number; toUs: number } | undefined>(undefined);
  const place = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * trace.durationUs;
  };
  const handleUp = () => {
    if (drag !== undefined && Math.abs(drag.toUs - drag.fromUs) > trace.durationUs * LEAST_DRAG_SHARE)
      onZoom(toZoomWindow(drag.fromUs, drag.toUs, trace.durationUs));
    setDrag(undefined);
  };
  const shown = drag === undefined ? zoom : toZoomWindow(drag.fromUs, drag.toUs, trace.durationUs);
  const share = (atUs: number) => `${(atUs / Math.max(1, trace.durationUs)) * 100}%`;
  const handleKeyDown = (event: KeyboardEvent) => {
    const next =
      event.ctrlKey || event.metaKey || event.altKey ? undefined : zoomByKey(event.key, zoom, trace.durationUs);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onZoom(next);
  };
  return (
    <div
      aria-label="Visible window"
      aria-valuemax={Math.round(trace.durationUs)}
      aria-valuemin={0}
      aria-valuenow={Math.round(zoom.fromUs)}
      aria-valuetext={`${formatDuration(zoom.fromUs)} to ${formatDuration(zoom.toUs)}`}
      className="relative h-[42px] touch-none overflow-hidden bg-sunken cursor-crosshair outline-offset-[-2px]"
      onKeyDown={handleKeyDown}
      onPointerCancel={() => setDrag(undefined)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ fromUs: place(event), toUs: place(event) });
      }}
      onPointerMove={(event) => {
        if (drag !== undefined) setDrag({ ...drag, toUs: place(event) });
      }}
      onPointerUp={handleUp}
      role="slider"
      tabIndex={0}
    >
      <MinimapCanvas plan={plan} trace={trace} />
      <span aria-hidden className="absolute inset-y-0 left-0 bg-surface/60" style={{ width: share(shown.fromUs) }} />
      <span aria-hidden className="absolute inset-y-0 right-0 bg-surface/60" style={{ left: share(shown.toUs) }} />
      <span
        aria-hidden
        className="wf-window absolute inset-y-0 border-x-2 border-accent"
        style={{ left: share(shown.fromUs), right: `calc(100% - ${share(shown.toUs)})` }}
      />
    </div>
  );
}

function zoomByKey(key: string, zoom: ZoomWindow, durationUs: number): ZoomWindow | undefined {
  const middleUs = (zoom.fromUs + zoom.toUs) / 2;
  switch (key) {
    case "ArrowLeft":
      return panZoom(zoom, -PAN_SHARE, durationUs);
    case "ArrowRight":
      return panZoom(zoom, PAN_SHARE, durationUs);
    case "ArrowUp":
    case "+":
    case "=":
      return scaleZoom(zoom, CLOSER, middleUs, durationUs);
    case "ArrowDown":
    case "-":
      return scaleZoom(zoom, 1 / CLOSER, middleUs, durationUs);
    case "Home":
    case "Escape":
      return toZoomWindow(0, durationUs, durationUs);
    default:
      return undefined;
  }
}

function MinimapCanvas({ trace, plan }: { trace: TraceSkeleton; plan: TracePlan }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = useTheme();
  const cells = useMemo(() => toMinimapCells(plan.minimap, MINIMAP_SIZE), [plan]);
  // Outside system: the canvas. `theme` is what its colours depend on.
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context != null) drawCells(context, { trace, cells, levels: plan.deepest + 1 }, theme === "dark" ? 0.45 : 0.4);
  }, [cells, plan, trace, theme]);
  return (
    <canvas
      aria-hidden
      className="absolute inset-x-0 top-[3px] h-9 w-full [image-rendering:pixelated]"
      height={HEIGHT_PX}
      ref={canvas}
      width={COLUMNS}
    />
  );
}

type Drawing = { trace: TraceSkeleton; cells: MinimapCell[]; levels: number };

function drawCells(context: CanvasRenderingContext2D, { trace, cells, levels }: Drawing, paleAlpha: number) {
  const colours = new Map<string, string>();
  const colourOf = (name: string) => {
    const known = colours.get(name) ?? tokenColour(serviceStyle(name).colour);
    colours.set(name, known);
    return known;
  };
  const bad = tokenColour("bad");
  const lanePx = Math.min(THICKEST_LANE_PX, HEIGHT_PX / Math.min(LANES, levels));
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
    <div className="wf-note flex flex-col justify-center overflow-hidden border-l border-line px-2 text-xs/[14px] whitespace-nowrap text-ink-3">
      <span className="truncate">
        <b className="font-semibold text-ink">{formatDuration(zoom.toUs - zoom.fromUs)}</b> of{" "}
        {formatDuration(trace.durationUs)}
      </span>
      {isWhole ? (
        <span className="truncate">drag to zoom</span>
      ) : (
        <button className="link w-fit text-left" onClick={onReset} type="button">
          Show all <Kbd>0</Kbd>
        </button>
      )}
    </div>
  );
}
