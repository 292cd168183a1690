"use client";

import { useEffect, useRef } from "react";
import { useTheme } from "@/components/providers/theme";
import type { FactsReply } from "../../contract";
import type { ScatterScale } from "../../domain/scatter-scale";
import { type Brush, isInBrush } from "../../domain/search-view/brush";
import { heatCells } from "../../domain/search-view/plot-bars";
import type { PlotPoint } from "../../domain/search-view/plot-points";
import { tokenColour } from "../token-colour";
import type { ElementSize } from "./use-element-size";

type CanvasProps = {
  /** Drawn as points, unless there is a heat map to draw. */
  points: readonly PlotPoint[];
  heatmap: FactsReply["heatmap"] | undefined;
  brush: Brush | undefined;
  scale: ScatterScale;
  size: ElementSize;
};

/** The traces, on a canvas: thousands of them as elements would be slow to draw and slower to change. */
export function PointsCanvas({ points, heatmap, brush, scale, size }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = useTheme();
  // Outside system: the canvas. `theme` is what its colours depend on.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (element == null || context == null) return;
    const ratio = Math.max(1, globalThis.devicePixelRatio);
    element.width = size.widthPx * ratio;
    element.height = size.heightPx * ratio;
    context.scale(ratio, ratio);
    if (heatmap !== undefined) drawHeat(context, heatmap, scale);
    else drawPoints(context, { points, brush, scale, alpha: theme === "dark" ? 0.5 : 0.45 });
  }, [points, heatmap, brush, scale, size, theme]);
  return <canvas aria-hidden className="pointer-events-none absolute inset-0 size-full" ref={canvas} />;
}

type Drawing = { points: readonly PlotPoint[]; brush: Brush | undefined; scale: ScatterScale; alpha: number };

function drawPoints(context: CanvasRenderingContext2D, { points, brush, scale, alpha }: Drawing): void {
  const isMany = points.length > 400;
  const isChosen = (point: PlotPoint) => brush !== undefined && isInBrush(brush, point);
  const fill = (chosen: boolean, radius: number) => {
    context.beginPath();
    for (const point of points) {
      if (point.errorCount > 0 || isChosen(point) !== chosen) continue;
      const x = scale.toX(point.startMs);
      const y = scale.toY(point.durationUs);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill("nonzero");
  };
  context.fillStyle = tokenColour("ink-3");
  context.globalAlpha = isMany ? alpha : alpha + 0.25;
  if (isMany) fillEach(context, points, scale, (point) => point.errorCount === 0 && !isChosen(point));
  else fill(false, 2.4);
  if (brush !== undefined) {
    context.fillStyle = tokenColour("accent");
    context.globalAlpha = 0.9;
    fill(true, isMany ? 1.9 : 2.6);
  }
  drawErrors(context, points, scale);
}

/** One by one, so that points on top of each other grow darker; squares are four times as fast as circles. */
function fillEach(
  context: CanvasRenderingContext2D,
  points: readonly PlotPoint[],
  scale: ScatterScale,
  isMeant: (point: PlotPoint) => boolean,
): void {
  for (const point of points) {
    if (isMeant(point)) context.fillRect(scale.toX(point.startMs) - 1.2, scale.toY(point.durationUs) - 1.2, 2.4, 2.4);
  }
}

function drawErrors(context: CanvasRenderingContext2D, points: readonly PlotPoint[], scale: ScatterScale): void {
  context.strokeStyle = tokenColour("bad");
  context.lineWidth = 1.6;
  context.globalAlpha = 1;
  context.beginPath();
  for (const { startMs, durationUs, errorCount } of points) {
    if (errorCount === 0) continue;
    const x = scale.toX(startMs);
    const y = scale.toY(durationUs);
    context.moveTo(x - 3, y - 3);
    context.lineTo(x + 3, y + 3);
    context.moveTo(x + 3, y - 3);
    context.lineTo(x - 3, y + 3);
  }
  context.stroke();
}

function drawHeat(context: CanvasRenderingContext2D, heatmap: FactsReply["heatmap"], scale: ScatterScale): void {
  context.fillStyle = tokenColour("accent");
  for (const { x, y, widthPx, heightPx, weight } of heatCells(heatmap, scale)) {
    context.globalAlpha = 0.08 + 0.92 * weight;
    context.fillRect(x, y, Math.max(1, widthPx - 0.5), Math.max(1, heightPx - 0.5));
  }
}
