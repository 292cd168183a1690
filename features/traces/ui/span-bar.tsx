import type { CSSProperties } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import { formatDuration } from "@/lib/format";
import { computeOwnWork } from "../domain/own-work";
import { colouredAs } from "../domain/span-text";
import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../domain/trace-skeleton";
import type { ZoomWindow } from "../domain/zoom-window";
import { drawnCell } from "./grid-roles";

/** Units of the drawing inside a bar; fine enough that a stretch stands where it was. */
const DRAWING_WIDTH = 10_000;

type SpanBarProps = {
  trace: TraceSkeleton;
  span: number;
  zoom: ZoomWindow;
  /** Starts of own work that has a row of its own, as nobody accounts for it. */
  gapStarts: ReadonlySet<number>;
};

const CONSUMER = SPAN_KINDS.indexOf("consumer");
/** A wait is drawn from this part of the window on, told in words from this one on. */
const LEAST_WAIT_SHARE = 0.002;
const LEAST_TOLD_SHARE = 0.02;

/** When a span ran: pale while it waited for its children, solid where it worked itself, × where it failed. */
export function SpanBar({ trace, span, zoom, gapStarts }: SpanBarProps) {
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
  // On the bar, not on the cell: what a cell hands down is worked out anew for all that is in it.
  const bar = {
    "--c": `var(--${serviceStyle(colouredAs(trace, span)).colour})`,
    left: `min(${from * 100}%, 100% - 2px)`,
    width: `${Math.max(0, to - from) * 100}%`,
  } as CSSProperties;
  return (
    <div className="wf-line relative min-w-0 overflow-hidden" {...drawnCell(label)}>
      {!isOutside && (
        <span
          aria-hidden
          className={`wf-bar absolute min-w-[2px] rounded-[1px] ${isLeaf ? "bg-(--c)" : "wf-pale"}`}
          style={bar}
        >
          {!isLeaf && to > from && (
            <OwnWork from={from} gapStarts={gapStarts} span={span} to={to} trace={trace} zoom={zoom} />
          )}
        </span>
      )}
      {trace.kind[span] === CONSUMER && <QueueWait span={span} trace={trace} zoom={zoom} />}
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

/** From when work was put into a queue until it was taken out: a dotted line before the bar. */
function QueueWait({ trace, span, zoom }: Omit<SpanBarProps, "gapStarts">) {
  const parent = trace.parent[span] ?? NO_PARENT;
  const widthUs = zoom.toUs - zoom.fromUs;
  const startUs = trace.spanStartUs[span] ?? 0;
  const sentUs = trace.spanStartUs[parent] ?? startUs;
  const from = Math.max(0, (sentUs - zoom.fromUs) / widthUs);
  const to = Math.min(1, (startUs - zoom.fromUs) / widthUs);
  const end = (startUs + (trace.spanDurationUs[span] ?? 0) - zoom.fromUs) / widthUs;
  if (to - from < LEAST_WAIT_SHARE) return null;
  return (
    <>
      <span aria-hidden className="wf-wait" style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
      {to - from > LEAST_TOLD_SHARE && end < 0.75 && (
        <span aria-hidden className="wf-words" style={{ left: `${Math.max(0, end) * 100}%` }}>
          waited {formatDuration(startUs - sentUs)}
        </span>
      )}
    </>
  );
}

/** The solid stretches of a bar as one path, whatever their number. */
function OwnWork({ trace, span, zoom, gapStarts, from, to }: SpanBarProps & { from: number; to: number }) {
  const work = computeOwnWork(trace, span);
  const widthUs = zoom.toUs - zoom.fromUs;
  const place = (atUs: number) => (((atUs - zoom.fromUs) / widthUs - from) / (to - from)) * DRAWING_WIDTH;
  let path = "";
  for (let i = 0; i < work.length; i += 2) {
    if (gapStarts.has(work[i] ?? 0)) continue;
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
