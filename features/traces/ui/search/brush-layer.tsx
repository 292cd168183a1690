"use client";

import { X } from "lucide-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { formatCount } from "@/lib/format";
import type { ScatterScale } from "../../domain/scatter-scale";
import { type Brush, brushText, nudgeBrush } from "../../domain/search-view/brush";

type BrushLayerProps = {
  brush: Brush;
  scale: ScatterScale;
  /** Traces in it; undefined while nobody has counted. */
  count: number | undefined;
  isSample: boolean;
  isPhone: boolean;
  widthPx: number;
  onBrush: (brush: Brush | undefined) => void;
  onGrab: (event: PointerEvent, anchor: { ms: number; us: number }) => void;
  onFilter: () => void;
  onZoom: () => void;
};

export const BRUSH_ID = "plot-selection";
const BAR_PX = 330;

/** The selection over the plot, and what can be done with it. Arrows move it, with Shift its far edges. */
export function BrushLayer(props: BrushLayerProps) {
  const { brush, scale, isPhone, widthPx } = props;
  const box = {
    left: scale.toX(brush.fromMs),
    right: scale.toX(brush.toMs),
    top: scale.toY(brush.highUs),
    bottom: scale.toY(brush.lowUs),
  };
  const [fromMs, toMs] = [scale.toMs(scale.frame.left), scale.toMs(scale.frame.right)];
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === "Delete" || event.key === "Backspace" || event.key === "Escape") props.onBrush(undefined);
    else if (event.key.startsWith("Arrow")) {
      const extent = { fromMs, toMs, lowUs: Math.max(1, scale.lowUs), highUs: scale.highUs };
      props.onBrush(nudgeBrush(brush, event.key, event.shiftKey, extent));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const corners = [
    { x: box.left, y: box.top, ms: brush.toMs, us: brush.lowUs },
    { x: box.right, y: box.top, ms: brush.fromMs, us: brush.lowUs },
    { x: box.left, y: box.bottom, ms: brush.toMs, us: brush.highUs },
    { x: box.right, y: box.bottom, ms: brush.fromMs, us: brush.highUs },
  ];
  const left = Math.max(0, Math.min(box.left, widthPx - BAR_PX));
  return (
    <>
      <div
        aria-label={`Selection: ${brushText(brush)}. Arrow keys move it, with Shift they resize it, Delete clears it.`}
        className="pointer-events-none absolute border-[1.25px] border-accent bg-accent/9"
        id={BRUSH_ID}
        onKeyDown={handleKey}
        role="application"
        style={{ left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, as its name says
        tabIndex={0}
      />
      {corners.map(({ x, y, ms, us }) => (
        <span
          aria-hidden
          className="absolute grid size-3.5 -translate-1/2 cursor-nwse-resize place-items-center touch:size-8"
          key={`${x} ${y}`}
          onPointerDown={(event) => {
            event.stopPropagation();
            props.onGrab(event, { ms, us });
          }}
          style={{ left: x, top: y }}
        >
          <span className="size-1.5 rounded-[1px] border border-accent bg-surface" />
        </span>
      ))}
      <BrushBar {...props} style={isPhone ? undefined : { left, top: Math.max(0, box.top - 26) }} />
    </>
  );
}

type BrushBarProps = BrushLayerProps & { style: { left: number; top: number } | undefined };

function BrushBar({ brush, count, isSample, isPhone, style, onFilter, onZoom, onBrush }: BrushBarProps) {
  const button = isPhone ? "h-11 min-w-11 px-2.5 font-semibold" : "h-5 rounded-xs px-1.5 font-medium hover:bg-black/16";
  // Presses on the bar are no presses on the plot.
  const keep = (event: PointerEvent) => event.stopPropagation();
  return (
    <div
      className={
        isPhone
          ? "absolute inset-x-0 top-full flex h-[45px] items-center rounded-b-xl border-t border-line bg-accent-soft pl-2.5 text-md text-accent"
          : "absolute z-[4] flex h-[23px] items-center gap-0.5 rounded-sm bg-accent pr-0.5 pl-2 text-xs font-semibold whitespace-nowrap text-accent-ink"
      }
      onPointerDown={keep}
      onPointerUp={keep}
      style={style}
    >
      <span aria-live="polite" className="grow font-semibold tabular-nums">
        {count === undefined ? "selected" : `${isSample ? "about " : ""}${formatCount(count)} selected`}
        <span className="font-normal max-phone:hidden"> · {brushText(brush)}</span>
      </span>
      <button
        className={`${button} phone:ml-1`}
        onClick={onFilter}
        title="Only traces as long as these, of this time"
        type="button"
      >
        Filter
      </button>
      <button className={button} onClick={onZoom} title="Look at this time only" type="button">
        Zoom
      </button>
      <button aria-label="Clear the selection" className={button} onClick={() => onBrush(undefined)} type="button">
        <X aria-hidden size={12} />
      </button>
    </div>
  );
}
