"use client";

import { useRouter } from "next/navigation";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTheme } from "@/components/providers/theme";
import { formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { TimeWindow } from "@/lib/time-range";
import { MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../contract";
import { computeScatterScale, findNearestPoint, type ScatterScale } from "../domain/scatter-scale";
import { ScatterFrame } from "./scatter-frame";
import { PHONE, tokenColour, useMedia } from "./use-media";

/** How far from a point the pointer may be and still mean it. */
const REACH_PX = 12;

export type ScatterPoint = { startMs: number; durationUs: number; summary: TraceSummary };

type TraceScatterProps = {
  summaries: readonly TraceSummary[];
  window: TimeWindow;
  activeId: string | undefined;
  onActive: (traceId: string | undefined) => void;
};

/** When each trace started and how long it took, × for one with errors; the table below is the same for the keyboard. */
export function TraceScatter({ summaries, window, activeId, onActive }: TraceScatterProps) {
  const router = useRouter();
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const isPhone = useMedia(PHONE);
  const points = useMemo(
    () =>
      summaries.map((summary) => ({ startMs: summary.startUs / US_PER_MS, durationUs: summary.durationUs, summary })),
    [summaries],
  );
  const scale = useMemo(() => fitScale(points, window, size, isPhone), [points, window, size, isPhone]);
  const nearestTo = (event: PointerEvent) => {
    const frame = box.current?.getBoundingClientRect();
    if (frame === undefined || scale === undefined) return undefined;
    const place = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    const nearest = findNearestPoint(scale, points, place, REACH_PX);
    return nearest === undefined ? undefined : points[nearest];
  };
  const active = activeId === undefined ? undefined : points.find(({ summary }) => summary.traceId === activeId);
  return (
    <div
      className={`relative h-[268px] max-phone:h-[236px] ${active === undefined ? "" : "cursor-pointer"}`}
      onPointerLeave={() => onActive(undefined)}
      onPointerMove={(event) => {
        const id = nearestTo(event)?.summary.traceId;
        if (id !== activeId && (id !== undefined || event.pointerType === "mouse")) onActive(id);
      }}
      onPointerUp={(event) => {
        const hit = nearestTo(event);
        if (hit === undefined) return;
        if (event.pointerType === "mouse" || hit.summary.traceId === activeId)
          router.push(routes.trace(hit.summary.traceId));
        else onActive(hit.summary.traceId);
      }}
      ref={box}
    >
      {scale !== undefined && size !== undefined && (
        <>
          <ScatterFrame isPhone={isPhone} points={points} scale={scale} size={size} window={window} />
          <PointsCanvas points={points} scale={scale} size={size} />
          {active !== undefined && <ActivePoint point={active} scale={scale} widthPx={size.widthPx} />}
        </>
      )}
    </div>
  );
}

type Size = { widthPx: number; heightPx: number };

function fitScale(
  points: readonly ScatterPoint[],
  window: TimeWindow,
  size: Size | undefined,
  isPhone: boolean,
): ScatterScale | undefined {
  if (size === undefined) return undefined;
  const frame = isPhone
    ? { left: 48, right: size.widthPx - 72, top: 8, bottom: size.heightPx - 44 }
    : { left: 56, right: size.widthPx - 208, top: 8, bottom: size.heightPx - 50 };
  const clockOffsetMs = -new Date(window.toMs).getTimezoneOffset() * MS_PER_MINUTE;
  return computeScatterScale({ points, window, frame, clockOffsetMs });
}

/** The points, on a canvas: 1,500 of them as elements would be slow to draw and slower to change. */
function PointsCanvas({ points, scale, size }: { points: readonly ScatterPoint[]; scale: ScatterScale; size: Size }) {
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
    drawPoints(context, points, scale, theme === "dark" ? 0.75 : 0.6);
  }, [points, scale, size, theme]);
  return <canvas aria-hidden className="pointer-events-none absolute inset-0 size-full" ref={canvas} />;
}

function drawPoints(
  context: CanvasRenderingContext2D,
  points: readonly ScatterPoint[],
  scale: ScatterScale,
  alpha: number,
): void {
  const radius = points.length > 400 ? 1.6 : 2.4;
  context.fillStyle = tokenColour("ink-3");
  context.globalAlpha = alpha;
  for (const { startMs, durationUs, summary } of points) {
    if (summary.errorSpanCount > 0) continue;
    context.beginPath();
    context.arc(scale.toX(startMs), scale.toY(durationUs), radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = tokenColour("bad");
  context.lineWidth = 1.6;
  context.globalAlpha = 1;
  context.beginPath();
  for (const { startMs, durationUs, summary } of points) {
    if (summary.errorSpanCount === 0) continue;
    const x = scale.toX(startMs);
    const y = scale.toY(durationUs);
    context.moveTo(x - 3, y - 3);
    context.lineTo(x + 3, y + 3);
    context.moveTo(x + 3, y - 3);
    context.lineTo(x - 3, y + 3);
  }
  context.stroke();
}

/** A ring around the trace the pointer or the table means, and what it is. */
function ActivePoint({ point, scale, widthPx }: { point: ScatterPoint; scale: ScatterScale; widthPx: number }) {
  const x = scale.toX(point.startMs);
  const y = scale.toY(point.durationUs);
  const { summary } = point;
  const isLeft = x > widthPx / 2;
  return (
    <>
      <span
        aria-hidden
        className="pointer-events-none absolute size-3 -translate-1/2 rounded-full border-2 border-accent"
        style={{ left: x, top: y }}
      />
      <div
        className={`pointer-events-none absolute z-[5] max-w-[280px] rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-raised ${isLeft ? "-translate-x-full" : ""}`}
        style={{ left: isLeft ? x - 12 : x + 12, top: Math.max(0, y - 22) }}
      >
        <p className="truncate font-medium">{summary.rootOperation || "root span missing"}</p>
        <p className="whitespace-nowrap text-ink-2">
          <b className="text-ink">{formatDuration(summary.durationUs)}</b>, {summary.spanCount} spans
          {summary.errorSpanCount > 0 && <span className="text-bad">, × {summary.errorSpanCount}</span>}
        </p>
      </div>
    </>
  );
}

function useSize(ref: { current: HTMLElement | null }): Size | undefined {
  const [size, setSize] = useState<Size | undefined>(undefined);
  // Outside system: the layout of the page.
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ widthPx: entry.contentRect.width, heightPx: entry.contentRect.height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
