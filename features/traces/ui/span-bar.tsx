import type { CSSProperties } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import { formatDuration } from "@/lib/format";
import { computeOwnWork } from "../domain/own-work";
import { colouredAs } from "../domain/span-text";
import { hasFlag, type TraceSkeleton } from "../domain/trace-skeleton";
import type { ZoomWindow } from "../domain/zoom-window";
import { drawnCell } from "./grid-roles";

/** Units of the drawing inside a bar; fine enough that a stretch stands where it was. */
const DRAWING_WIDTH = 10_000;

type SpanBarProps = { trace: TraceSkeleton; span: number; zoom: ZoomWindow };

/** When a span ran: pale while it waited for its children, solid where it worked itself, × where it failed. */
export function SpanBar({ trace, span, zoom }: SpanBarProps) {
  const widthUs = zoom.toUs - zoom.fromUs;
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const start = (startUs - zoom.fromUs) / widthUs;
  const end = (startUs + durationUs - zoom.fromUs) / widthUs;
  const isOutside = end < 0 || start > 1;
  const from = Math.max(0, start);
  const to = Math.min(1, end);
  const isLeaf = trace.childCount[span] === 0;
  const label = `starts at ${formatDuration(startUs)}, takes ${formatDuration(durationUs)}`;
  const colour = { "--c": `var(--${serviceStyle(colouredAs(trace, span)).colour})` } as CSSProperties;
  return (
    <div className="wf-line relative min-w-0 overflow-hidden" style={colour} {...drawnCell(label)}>
      {!isOutside && (
        <span
          aria-hidden
          className={`wf-bar absolute min-w-[2px] rounded-[1px] ${isLeaf ? "bg-(--c)" : "wf-pale"}`}
          style={{ left: `min(${from * 100}%, 100% - 2px)`, width: `${Math.max(0, to - from) * 100}%` }}
        >
          {!isLeaf && to > from && <OwnWork from={from} span={span} to={to} trace={trace} zoom={zoom} />}
        </span>
      )}
      {!isOutside && hasFlag(trace, span, "error") && (
        <span
          aria-hidden
          className="wf-error absolute size-[13px] -translate-x-1/2 rounded-[2px]"
          style={{ left: `clamp(7px, ${to * 100}%, 100% - 7px)` }}
        />
      )}
    </div>
  );
}

/** The solid stretches of a bar as one path, whatever their number. */
function OwnWork({ trace, span, zoom, from, to }: SpanBarProps & { from: number; to: number }) {
  const work = computeOwnWork(trace, span);
  const widthUs = zoom.toUs - zoom.fromUs;
  const place = (atUs: number) => (((atUs - zoom.fromUs) / widthUs - from) / (to - from)) * DRAWING_WIDTH;
  let path = "";
  for (let i = 0; i < work.length; i += 2) {
    const left = Math.max(0, place(work[i] ?? 0));
    const right = Math.min(DRAWING_WIDTH, place(work[i + 1] ?? 0));
    if (right > left) path += `M${left.toFixed(1)} 0H${right.toFixed(1)}V1H${left.toFixed(1)}z`;
  }
  return (
    <svg
      aria-hidden
      className="absolute inset-0 size-full"
      preserveAspectRatio="none"
      viewBox={`0 0 ${DRAWING_WIDTH} 1`}
    >
      <path d={path} fill="var(--c)" />
    </svg>
  );
}
