"use client";

import { type PointerEvent, useRef, useState } from "react";
import type { ScatterScale } from "../../domain/scatter-scale";
import { findNearestPoint } from "../../domain/scatter-scale";
import { type Brush, brushBetween } from "../../domain/search-view/brush";
import type { PlotPoint } from "../../domain/search-view/plot-points";

/** How far from a point the pointer may be and still mean it. */
const REACH_PX = 12;
/** A press that moves less is a click. */
const DRAG_PX = 4;

type Place = { x: number; y: number };
type Corner = { ms: number; us: number };

type PointerAsked = {
  box: { current: HTMLElement | null };
  scale: ScatterScale | undefined;
  points: readonly PlotPoint[];
  onBrush: (brush: Brush) => void;
  onOpen: (traceId: string) => void;
};

/**
 * The pointer over the plot: hovering names a trace, a click opens it (a tap names it first), a drag selects. A drag
 * beside the plot selects durations at any time, one below it a time of any duration.
 */
export function usePlotPointer({ box, scale, points, onBrush, onOpen }: PointerAsked) {
  const [hovered, setHovered] = useState<PlotPoint | undefined>(undefined);
  const [draft, setDraft] = useState<Brush | undefined>(undefined);
  const press = useRef<{ from: Place; anchor: Corner | undefined; isDrag: boolean } | undefined>(undefined);

  const end = () => {
    press.current = undefined;
    setDraft(undefined);
  };
  const release = (event: PointerEvent) => {
    const pressed = press.current;
    const to = placeOf(event, box.current);
    end();
    const brush = pressed?.isDrag ? rectangle(scale, pressed, to) : undefined;
    if (brush !== undefined) onBrush(brush);
    else if (pressed?.isDrag === false) {
      const hit = nearestTo(to, scale, points);
      const isMeant = event.pointerType === "mouse" || hit?.traceId === hovered?.traceId;
      if (hit !== undefined && isMeant) onOpen(hit.traceId);
      else setHovered(hit);
    }
  };
  const move = (event: PointerEvent) => {
    const to = placeOf(event, box.current);
    const pressed = press.current;
    if (pressed === undefined) {
      if (event.pointerType === "mouse") setHovered(nearestTo(to, scale, points));
      return;
    }
    pressed.isDrag ||= Math.hypot(to.x - pressed.from.x, to.y - pressed.from.y) > DRAG_PX;
    if (!pressed.isDrag) return;
    setHovered(undefined);
    setDraft(rectangle(scale, pressed, to));
  };
  const start = (event: PointerEvent, anchor?: Corner) => {
    const from = placeOf(event, box.current);
    if (event.button !== 0 || scale === undefined || from.x < scale.frame.left - 8) return;
    box.current?.setPointerCapture(event.pointerId);
    press.current = { from, anchor, isDrag: anchor !== undefined };
  };
  return {
    hovered,
    draft,
    /** Starts a drag from the corner of a selection: the corner across stays. */
    grab: start,
    handlers: {
      onPointerDown: (event: PointerEvent) => start(event),
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: end,
      onPointerLeave: () => setHovered(undefined),
    },
  };
}

type Press = { from: Place; anchor: Corner | undefined };

/** What a drag means: between two corners; beside the plot durations at any time, below it a time of any duration. */
function rectangle(scale: ScatterScale | undefined, { from, anchor }: Press, to: Place): Brush | undefined {
  if (scale === undefined) return undefined;
  const { frame } = scale;
  const corner = { ms: scale.toMs(to.x), us: scale.toUs(to.y) };
  if (anchor !== undefined) return brushBetween(anchor, corner);
  const start = { ms: scale.toMs(from.x), us: scale.toUs(from.y) };
  if (from.x > frame.right) {
    return brushBetween({ ...start, ms: scale.toMs(frame.left) }, { ...corner, ms: scale.toMs(frame.right) });
  }
  if (from.y > frame.bottom) return brushBetween({ ...start, us: 0 }, { ...corner, us: scale.highUs });
  return brushBetween(start, corner);
}

function placeOf(event: PointerEvent, box: HTMLElement | null): Place {
  const frame = box?.getBoundingClientRect();
  return { x: event.clientX - (frame?.left ?? 0), y: event.clientY - (frame?.top ?? 0) };
}

function nearestTo(place: Place, scale: ScatterScale | undefined, points: readonly PlotPoint[]): PlotPoint | undefined {
  if (scale === undefined) return undefined;
  const nearest = findNearestPoint(scale, points, place, REACH_PX);
  return nearest === undefined ? undefined : points[nearest];
}
