import { PHONE, useMedia } from "@/components/hooks/use-media";
import { formatCount, formatDuration } from "@/lib/format";
import { computeLinearTicks } from "../domain/axis-ticks";
import type { ZoomWindow } from "../domain/zoom-window";

type WaterfallRulerProps = { zoom: ZoomWindow; rows: number; spans: number; lastColumn: string };

/** The times above the rows, and how many rows tell how many spans. */
export function WaterfallRuler({ zoom, rows, spans, lastColumn }: WaterfallRulerProps) {
  const isNarrow = useMedia(PHONE);
  // Times are whole microseconds: between two of them there is nothing to mark.
  const maxTicks = Math.min(isNarrow ? 3 : 6, Math.max(1, Math.floor(zoom.toUs - zoom.fromUs)));
  const ticks = computeLinearTicks(zoom.fromUs, zoom.toUs, maxTicks);
  const last = zoom.fromUs + (zoom.toUs - zoom.fromUs) * 0.93;
  return (
    <div className="wf-columns wf-frame h-[22px] border-b border-line-strong text-[10.5px]/[21px] text-ink-3">
      <span className="wf-only-wide truncate border-r border-line pl-2.5 text-xs/[21px]">
        <b className="font-semibold text-ink">
          {formatCount(rows)} {rows === 1 ? "row" : "rows"}
        </b>{" "}
        for {formatCount(spans)} {spans === 1 ? "span" : "spans"}
      </span>
      <span aria-hidden className="relative overflow-hidden">
        {ticks
          .filter((atUs) => atUs <= last)
          .map((atUs) => (
            <span
              className={`absolute whitespace-nowrap ${atUs === zoom.fromUs ? "translate-x-1" : "-translate-x-1/2"}`}
              key={atUs}
              style={{ left: `${((atUs - zoom.fromUs) / (zoom.toUs - zoom.fromUs)) * 100}%` }}
            >
              {formatDuration(atUs)}
            </span>
          ))}
        <span className="absolute right-1 bg-surface pl-1 font-semibold whitespace-nowrap text-ink">
          {formatDuration(zoom.toUs)}
        </span>
      </span>
      <span aria-hidden className="wf-only-wide border-l border-line pr-2 text-right text-xs/[21px]">
        Time
      </span>
      <span aria-hidden className="wf-only-wide wf-usual truncate pr-2 text-right text-xs/[21px]">
        {lastColumn}
      </span>
    </div>
  );
}
