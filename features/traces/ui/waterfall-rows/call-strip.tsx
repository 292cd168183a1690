import { type CSSProperties, useMemo } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount, formatDuration } from "@/lib/format";
import { colouredAs } from "../../domain/span-text";
import { hasFlag } from "../../domain/trace-skeleton";
import { type CallMark, MAX_DRAWN_CALLS, markCalls, placeForWords } from "../../domain/waterfall/call-strip";
import { membersOf } from "../../domain/waterfall/trace-plan";
import type { ZoomWindow } from "../../domain/zoom-window";
import { drawnCell } from "../grid-roles";
import type { WaterfallView } from "../use-waterfall";

/** Units of the drawing; height is 100. */
const WIDTH = 10_000;
const MAX_LANES = 5;
/** A mark is never narrower than this, about half a pixel. */
const LEAST_WIDTH = 8;
/** × drawn at most; more say nothing new. */
const MAX_ERRORS = 40;
/** What "12.3 ms" takes of a strip of usual width. */
const TIME_ROOM = 0.08;
/** Words stand right of the last call while there is this much room. */
const LABEL_ROOM = 0.72;

type CallStripProps = { view: WaterfallView; group: number; isHero: boolean; zoom: ZoomWindow };

/** The calls of a fold where they really ran: side by side in lanes, as spikes in the taller row. */
export function CallStrip(props: CallStripProps) {
  const { view, group, isHero, zoom } = props;
  const { trace, plan } = view;
  const rows = membersOf(plan.groups, group);
  const maxUs = plan.groups.maxUs[group] ?? 0;
  const lanes = isHero ? 1 : Math.min(MAX_LANES, plan.groups.concurrency[group] ?? 1);
  const marks = useMemo(
    () => markCalls(trace, rows, { window: zoom, maxUs, lanes }),
    [trace, rows, zoom, maxUs, lanes],
  );
  const colour = { "--c": `var(--${serviceStyle(colouredAs(trace, rows[0] ?? 0)).colour})` } as CSSProperties;
  return (
    <div className="wf-line relative min-w-0 overflow-hidden" style={colour} {...drawnCell(stripLabel(view, group))}>
      <svg
        aria-hidden
        className={`absolute left-0 w-full ${isHero ? "wf-spikes" : "wf-strip"}`}
        preserveAspectRatio="none"
        viewBox={`0 0 ${WIDTH} 100`}
      >
        <path d={isHero || rows.length > MAX_DRAWN_CALLS ? spikes(marks) : inLanes(marks, lanes)} fill="var(--c)" />
      </svg>
      <FailedCalls rows={rows} view={view} zoom={zoom} />
      {isHero ? (
        <SlowestLabel group={group} marks={marks} view={view} zoom={zoom} />
      ) : (
        <StripWords {...props} marks={marks} />
      )}
    </div>
  );
}

function stripLabel({ plan }: WaterfallView, group: number): string {
  const errors = plan.groups.errors[group] ?? 0;
  const count = formatCount(membersOf(plan.groups, group).length);
  const longest = formatDuration(plan.groups.maxUs[group] ?? 0);
  return `${count} calls, ${pace({ plan }, group)}, longest ${longest}${errors > 0 ? `, ${formatCount(errors)} failed` : ""}`;
}

function pace({ plan }: Pick<WaterfallView, "plan">, group: number): string {
  const concurrency = plan.groups.concurrency[group] ?? 1;
  const p50 = `p50 ${formatDuration(plan.groups.p50Us[group] ?? 0)}`;
  return concurrency > 1 ? `${formatCount(concurrency)} at a time, ${p50}` : p50;
}

/** What the strip does not show by itself, where there is room right of it. */
function StripWords({ view, group, marks }: CallStripProps & { marks: readonly CallMark[] }) {
  const { groups } = view.plan;
  const errors = groups.errors[group] ?? 0;
  const end = marks.reduce((last, { to }) => Math.max(last, to), 0);
  const isNeeded = errors > 0 || (groups.concurrency[group] ?? 1) > 1;
  if (!isNeeded || marks.length === 0 || end > LABEL_ROOM) return null;
  return (
    <span aria-hidden className="wf-words" style={{ left: `${end * 100}%` }}>
      {pace(view, group)}
      {errors > 0 && (
        <b className="font-semibold text-bad">, {errors === 1 ? "1 error" : `${formatCount(errors)} errors`}</b>
      )}
    </span>
  );
}

function spikes(marks: readonly CallMark[]): string {
  let path = "";
  for (const { from, to, height } of marks) {
    const tall = Math.max(8, height * 100);
    const width = Math.max(LEAST_WIDTH, (to - from) * WIDTH);
    path += `M${(from * WIDTH).toFixed(0)} 100v${(-tall).toFixed(0)}h${width.toFixed(0)}V100z`;
  }
  return path;
}

function inLanes(marks: readonly CallMark[], lanes: number): string {
  const pitch = 100 / Math.max(1, lanes);
  const tall = lanes > 1 ? pitch * 0.78 : 100;
  let path = "";
  for (const { from, to, lane } of marks) {
    const width = Math.max(LEAST_WIDTH, (to - from) * WIDTH);
    path += `M${(from * WIDTH).toFixed(0)} ${(lane * pitch).toFixed(1)}h${width.toFixed(0)}v${tall.toFixed(1)}h${(-width).toFixed(0)}z`;
  }
  return path;
}

function FailedCalls({ view, rows, zoom }: { view: WaterfallView; rows: Int32Array; zoom: ZoomWindow }) {
  const { trace } = view;
  const failed: number[] = [];
  for (const row of rows) if (failed.length < MAX_ERRORS && hasFlag(trace, row, "error")) failed.push(row);
  return failed.map((row) => {
    const atUs = (trace.spanStartUs[row] ?? 0) + (trace.spanDurationUs[row] ?? 0) / 2;
    const at = (atUs - zoom.fromUs) / (zoom.toUs - zoom.fromUs);
    if (at < 0 || at > 1) return null;
    return (
      <span
        aria-hidden
        className="wf-error absolute size-[13px] -translate-x-1/2 rounded-[2px]"
        key={row}
        style={{ left: `clamp(7px, ${at * 100}%, 100% - 7px)` }}
      />
    );
  });
}

type SlowestLabelProps = Pick<CallStripProps, "view" | "group" | "zoom"> & { marks: readonly CallMark[] };

/** The longest spike says its time, where no other stands behind the words. */
function SlowestLabel({ view, group, zoom, marks }: SlowestLabelProps) {
  const { trace, plan } = view;
  const slowest = plan.groups.slowest[group] ?? 0;
  const endUs = (trace.spanStartUs[slowest] ?? 0) + (trace.spanDurationUs[slowest] ?? 0);
  const slowestTo = (endUs - zoom.fromUs) / (zoom.toUs - zoom.fromUs);
  const at = placeForWords(marks, slowestTo, TIME_ROOM);
  if (at === undefined) return null;
  return (
    <span aria-hidden className="wf-words !top-0" style={{ left: `${at * 100}%` }}>
      {formatDuration(plan.groups.maxUs[group] ?? 0)}
    </span>
  );
}
