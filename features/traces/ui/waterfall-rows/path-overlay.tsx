import { memo, useMemo } from "react";
import { findTurns, type PathLine } from "../../domain/waterfall/path-line";
import type { ZoomWindow } from "../../domain/zoom-window";

const WIDTH = 10_000;
/** Stretches nearer to each other than this (of the width) are drawn as one. */
const LEAST_STEP = 6;
/** Turns between the same rows nearer than this are one loop. */
const LOOP_STEP = 400;

export type RowPlaces = { topOf: (index: number) => number; pathOffsetOf: (index: number) => number };
type PathOverlayProps = { line: PathLine; zoom: ZoomWindow; from: number; to: number; places: RowPlaces };

/**
 * The critical path over the rows in view: a line under each stretch of own work, verticals where it moves to another
 * row. Two paths for the whole screen, whatever runs through it.
 */
export const PathOverlay = memo(function PathOverlay({ line, zoom, from, to, places }: PathOverlayProps) {
  const topPx = places.topOf(from);
  const heightPx = Math.max(1, places.topOf(to) - topPx);
  const { under, joins } = useMemo(
    () => drawPath(line, zoom, { from, to, yOf: (index) => places.topOf(index) + places.pathOffsetOf(index) - topPx }),
    [line, zoom, from, to, places, topPx],
  );
  return (
    <div
      aria-hidden
      className="wf-columns wf-frame pointer-events-none absolute inset-x-0"
      style={{ top: topPx, height: heightPx }}
    >
      <span className="wf-only-wide" />
      <svg
        aria-hidden
        className="wf-path size-full overflow-hidden"
        preserveAspectRatio="none"
        viewBox={`0 0 ${WIDTH} ${heightPx}`}
      >
        <path d={joins} strokeWidth="1.25" className="wf-joins" />
        <path d={under} strokeWidth="2" />
      </svg>
    </div>
  );
});

type Drawn = { from: number; to: number; yOf: (index: number) => number };

function drawPath(line: PathLine, zoom: ZoomWindow, rows: Drawn): { under: string; joins: string } {
  const scale = WIDTH / (zoom.toUs - zoom.fromUs);
  const x = (atUs: number) => Math.min(WIDTH, Math.max(0, (atUs - zoom.fromUs) * scale));
  let under = "";
  for (let row = rows.from; row < Math.min(rows.to, line.rowStart.length - 1); row += 1)
    under += underRow(line, row, { zoom, x, y: rows.yOf(row) });
  let joins = "";
  const window = { ...zoom, leastUs: LOOP_STEP / scale };
  for (const { atUs, top, bottom } of findTurns(line, rows, window)) {
    const fromY = rows.yOf(Math.max(rows.from - 1, top));
    const toY = rows.yOf(Math.min(rows.to, bottom));
    joins += `M${x(atUs).toFixed(0)} ${fromY}V${toY}`;
  }
  return { under, joins };
}

function underRow(
  line: PathLine,
  row: number,
  { zoom, x, y }: { zoom: ZoomWindow; x: (atUs: number) => number; y: number },
): string {
  let path = "";
  let openFrom = -1;
  let openTo = -1;
  const close = () => {
    if (openFrom >= 0) path += `M${openFrom.toFixed(0)} ${y}H${Math.max(openFrom + LEAST_STEP, openTo).toFixed(0)}`;
  };
  for (let at = line.rowStart[row] ?? 0; at < (line.rowStart[row + 1] ?? 0); at += 1) {
    const stretch = line.byRow[at] ?? 0;
    const fromUs = line.fromUs[stretch] ?? 0;
    const toUs = line.toUs[stretch] ?? 0;
    if (toUs < zoom.fromUs || fromUs > zoom.toUs) continue;
    const fromX = x(fromUs);
    const toX = x(toUs);
    if (openFrom >= 0 && fromX - openTo < LEAST_STEP) openTo = Math.max(openTo, toX);
    else {
      close();
      openFrom = fromX;
      openTo = toX;
    }
  }
  close();
  return path;
}
