import { useMemo } from "react";
import { formatCount, formatDuration } from "@/lib/format";
import type { TimeWindow } from "@/lib/time-range";
import { MS_PER_HOUR } from "@/lib/units";
import { countPerBin, durationQuantileUs, type ScatterScale, type TracePoint } from "../domain/scatter-scale";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const DURATION_BINS = 36;
const RATE_BINS = 60;
const QUANTILES = [
  { name: "p50", share: 0.5, dash: "1 3" },
  { name: "p95", share: 0.95, dash: "4 3" },
  { name: "p99", share: 0.99, dash: "4 3" },
];

type FrameProps = {
  points: readonly TracePoint[];
  scale: ScatterScale;
  size: { widthPx: number; heightPx: number };
  window: TimeWindow;
  isPhone: boolean;
};

/** Axes, percentiles, and the two distributions that share the plot's axes: durations to the right, starts below. */
export function ScatterFrame({ points, scale, size, window, isPhone }: FrameProps) {
  const { frame } = scale;
  const longest = window.toMs - window.fromMs > 24 * MS_PER_HOUR ? DAY : CLOCK;
  const histogramLeft = frame.right + 10;
  const histogramRight = size.widthPx - (isPhone ? 8 : 92);
  return (
    <svg aria-label={describe(points)} className="absolute inset-0 size-full text-[10.5px]" role="img">
      {scale.durationTicksUs.map((us) => (
        <g key={us}>
          <path d={`M${frame.left} ${crisp(scale.toY(us))}H${histogramRight}`} stroke="var(--grid)" />
          <text fill="var(--ink-3)" textAnchor="end" x={frame.left - 7} y={scale.toY(us) + 3.5}>
            {tickText(us)}
          </text>
        </g>
      ))}
      {scale.clockTicksMs.map((ms) => (
        <g key={ms}>
          <path d={`M${crisp(scale.toX(ms))} ${frame.top}V${size.heightPx - 18}`} stroke="var(--grid)" />
          <text fill="var(--ink-3)" textAnchor="middle" x={scale.toX(ms)} y={size.heightPx - 5}>
            {longest.format(ms)}
          </text>
        </g>
      ))}
      <path
        d={`M${crisp(frame.left)} ${frame.top}V${crisp(frame.bottom)}H${frame.right}M${crisp(histogramLeft)} ${frame.top}V${frame.bottom}`}
        fill="none"
        stroke="var(--line-strong)"
      />
      <Distributions
        bottomPx={size.heightPx - 20}
        left={histogramLeft}
        points={points}
        right={histogramRight}
        scale={scale}
        window={window}
      />
      <Quantiles isPhone={isPhone} points={points} right={histogramRight} scale={scale} />
    </svg>
  );
}

type DistributionsProps = {
  points: readonly TracePoint[];
  scale: ScatterScale;
  window: TimeWindow;
  left: number;
  right: number;
  bottomPx: number;
};

function Distributions({ points, scale, window, left, right, bottomPx }: DistributionsProps) {
  const { frame, lowUs, highUs } = scale;
  const durations = useMemo(
    () =>
      countPerBin(points, DURATION_BINS, { low: Math.log10(lowUs), high: Math.log10(highUs) }, ({ durationUs }) =>
        Math.log10(Math.max(lowUs, durationUs)),
      ),
    [points, lowUs, highUs],
  );
  const starts = useMemo(
    () => countPerBin(points, RATE_BINS, { low: window.fromMs, high: window.toMs }, ({ startMs }) => startMs),
    [points, window],
  );
  const binPx = (frame.bottom - frame.top) / DURATION_BINS;
  const stepPx = (frame.right - frame.left) / RATE_BINS;
  const longest = Math.max(1, ...durations);
  const tallest = Math.max(1, ...starts);
  const stripPx = bottomPx - frame.bottom - 8;
  return (
    <g fill="var(--line-strong)">
      {durations.map((count, bin) => {
        const y = frame.bottom - (bin + 1) * binPx;
        const width = (count / longest) * (right - left);
        return count > 0 && <rect height={Math.max(1, binPx - 1)} key={y} width={width} x={left} y={y + 0.5} />;
      })}
      {starts.map((count, bin) => {
        const x = frame.left + bin * stepPx;
        const height = Math.max(1, (count / tallest) * stripPx);
        return (
          count > 0 && (
            <rect height={height} key={x} width={Math.max(1, stepPx - 1)} x={x + 0.5} y={bottomPx - height} />
          )
        );
      })}
      <text fill="var(--ink-3)" textAnchor="end" x={frame.left - 7} y={bottomPx - stripPx + 8}>
        {formatCount(tallest)}
      </text>
    </g>
  );
}

/** Percentiles of the traces shown. Names step aside where lines are close. */
function Quantiles({
  points,
  scale,
  right,
  isPhone,
}: Pick<FrameProps, "points" | "scale" | "isPhone"> & { right: number }) {
  let below = Number.NEGATIVE_INFINITY;
  const lines = [...QUANTILES].reverse().flatMap(({ name, share, dash }) => {
    const us = durationQuantileUs(points, share);
    if (us === undefined || points.length < 2) return [];
    const y = scale.toY(us);
    const textY = Math.max(y + 3.5, below + 12);
    below = textY;
    return [{ name, us, y, textY, dash }];
  });
  return lines.map(({ name, us, y, textY, dash }) => (
    <g key={name}>
      <path
        d={`M${scale.frame.left} ${crisp(y)}H${right}`}
        stroke="var(--ink-2)"
        strokeDasharray={dash}
        strokeOpacity="0.75"
      />
      {isPhone ? (
        <text
          fill="var(--ink-2)"
          paintOrder="stroke"
          stroke="var(--surface)"
          strokeWidth="3"
          textAnchor="end"
          x={right}
          y={y - 3}
        >
          {name}
        </text>
      ) : (
        <text fill="var(--ink-3)" x={right + 7} y={textY}>
          <tspan fill="var(--ink)" fontWeight="600">
            {name}
          </tspan>{" "}
          {formatDuration(us)}
        </text>
      )}
    </g>
  ));
}

const crisp = (px: number): number => Math.round(px) + 0.5;

/** "1 s" rather than "1.00 s": a tick is a round value. */
function tickText(us: number): string {
  return formatDuration(us).replace(/\.0+(?=\D)/, "");
}

function describe(points: readonly TracePoint[]): string {
  const median = durationQuantileUs(points, 0.5);
  if (median === undefined) return "No traces in this window";
  const p95 = durationQuantileUs(points, 0.95) ?? median;
  return `${formatCount(points.length)} traces, median ${formatDuration(median)}, p95 ${formatDuration(p95)}. The table below lists them.`;
}
