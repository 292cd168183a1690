"use client";

import { type PointerEvent, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { formatCount, formatDuration } from "@/lib/format";
import { boxAt, REST } from "../../domain/views/flame-boxes";
import { NO_FRAME } from "../../domain/views/flame-frames";
import { drawFlame, type FlamePicture } from "./draw-flame";
import { FrameFacts } from "./flame-facts";

/** The top bar and the bar with the way to the frame stand over the flame. */
export const COVERED_ABOVE_PX = 48 + 36;
const CARD_PX = 340;

type FlameCanvasProps = {
  picture: Omit<FlamePicture, "hovered">;
  widthPx: number;
  treeRef: RefObject<HTMLElement | null>;
  onPress: (frame: number) => void;
};

type Hover = { box: number; xPx: number; yPx: number };

/** The boxes of a flame: a canvas no higher than the screen, which stays in sight and draws the rows that are there. */
export function FlameCanvas({ picture, widthPx, treeRef, onPress }: FlameCanvasProps) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  const { boxes, rowPx } = picture;
  const hovered = hover === undefined ? NO_FRAME : (boxes.frame[hover.box] ?? NO_FRAME);
  useDrawing({ canvasRef, treeRef, picture: { ...picture, hovered }, widthPx });
  const boxUnder = (event: PointerEvent): number => {
    const origin = treeRef.current?.getBoundingClientRect();
    if (origin === undefined) return -1;
    return boxAt(boxes, Math.floor((event.clientY - origin.top) / rowPx), event.clientX - origin.left);
  };
  return (
    <>
      <canvas
        aria-hidden
        className={`sticky block w-full ${hovered === NO_FRAME ? "" : "cursor-pointer"}`}
        onPointerDown={() => setHover(undefined)}
        onPointerLeave={() => setHover(undefined)}
        onPointerMove={(event) => {
          const box = event.pointerType === "mouse" ? boxUnder(event) : -1;
          setHover(box === -1 ? undefined : { box, xPx: event.clientX, yPx: event.clientY });
        }}
        onPointerUp={(event) => {
          const box = event.button === 0 ? boxUnder(event) : -1;
          const frame = boxes.frame[box] ?? NO_FRAME;
          if (frame >= 0) onPress(frame);
        }}
        ref={canvasRef}
        style={{ top: COVERED_ABOVE_PX }}
      />
      {hover !== undefined && createPortal(<HoverCard hover={hover} picture={picture} />, document.body)}
    </>
  );
}

/** The facts of the box under the pointer, beside it and inside the window. */
function HoverCard({ hover, picture }: { hover: Hover; picture: Omit<FlamePicture, "hovered"> }) {
  const { boxes, frames, trace } = picture;
  const frame = boxes.frame[hover.box] ?? NO_FRAME;
  const isLow = hover.yPx > window.innerHeight - 150;
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed z-50 grid gap-1 rounded-md border border-line-strong bg-raised px-2.5 py-2 shadow-raised"
      style={{
        width: CARD_PX,
        left: Math.max(8, Math.min(hover.xPx + 14, window.innerWidth - CARD_PX - 8)),
        ...(isLow ? { bottom: window.innerHeight - hover.yPx + 14 } : { top: hover.yPx + 18 }),
      }}
    >
      {frame === REST ? (
        <RestFacts box={hover.box} picture={picture} />
      ) : (
        <FrameFacts frame={frame} frames={frames} trace={trace} />
      )}
    </div>
  );
}

function RestFacts({ box, picture: { boxes } }: { box: number; picture: Omit<FlamePicture, "hovered"> }) {
  const workUs = ((boxes.toPx[box] ?? 0) - (boxes.fromPx[box] ?? 0)) / boxes.pxPerUs;
  return (
    <>
      <p className="text-md font-semibold">{formatCount(boxes.members[box] ?? 0)} steps too short to draw</p>
      <p className="text-sm text-ink-2">
        {boxes.pxPerUs > 0 && `${formatDuration(workUs)} of work together. `}
        Zoom to what is above them to see more.
      </p>
    </>
  );
}

type Drawing = {
  canvasRef: RefObject<HTMLCanvasElement | null>;
  treeRef: RefObject<HTMLElement | null>;
  picture: FlamePicture;
  widthPx: number;
};

/** Keeps the canvas showing the picture where the page is scrolled to. */
function useDrawing({ canvasRef, treeRef, picture, widthPx }: Drawing): void {
  const [screenPx, setScreenPx] = useState(0);
  const heightPx = Math.min(picture.boxes.rows * picture.rowPx, screenPx);
  const draw = useEffectEvent(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d");
    if (canvas == null || context == null || treeRef.current === null || widthPx === 0) return;
    const scale = window.devicePixelRatio || 1;
    const wide = Math.round(widthPx * scale);
    const high = Math.round(heightPx * scale);
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    canvas.style.height = `${heightPx}px`;
    const topPx = canvas.getBoundingClientRect().top - treeRef.current.getBoundingClientRect().top;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawFlame(context, picture, { topPx: Math.max(0, topPx), widthPx, heightPx });
  });
  // Outside system: the canvas.
  useLayoutEffect(() => draw());
  // Outside system: the page's scroll position and size, the fonts.
  useEffect(() => {
    let frame = 0;
    const redraw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => draw());
    };
    const measure = () => {
      setScreenPx(window.innerHeight);
      redraw();
    };
    measure();
    window.addEventListener("scroll", redraw, { passive: true });
    window.addEventListener("resize", measure);
    void document.fonts.ready.then(redraw);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", redraw);
      window.removeEventListener("resize", measure);
    };
  }, []);
}
