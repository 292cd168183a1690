import { memo } from "react";
import { formatCount, formatDuration } from "@/lib/format";
import type { TimeWindow } from "@/lib/time-range";
import { MS_PER_HOUR } from "@/lib/units";
import type { DurationQuantiles } from "../../contract";
import type { ScatterScale } from "../../domain/scatter-scale";
import type { PlotBar } from "../../domain/search-view/plot-bars";
import type { PlotDeploy } from "../../domain/search-view/plot-deploys";
import { nearestFree, stepAside } from "../../domain/search-view/plot-labels";
import type { ElementSize } from "./use-element-size";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export type PlotFrameProps = {
  scale: ScatterScale;
  size: ElementSize;
  window: TimeWindow;
  durations: readonly PlotBar[];
  rates: readonly PlotBar[];
  quantiles: DurationQuantiles | undefined;
  /** The durations a ranking below lists, as a bracket. */
  listed: { lowUs: number; highUs: number; text: string } | undefined;
  deploys: readonly PlotDeploy[];
  label: string;
  isPhone: boolean;
};

/** Where the bars of durations begin and end. */
export function histogramSpan({ frame }: Pick<ScatterScale, "frame">, { widthPx }: ElementSize, isPhone: boolean) {
  return { left: frame.right + 10, right: widthPx - (isPhone ? 8 : 92) };
}

/** Axes, percentiles, and the two distributions that share the plot's axes: durations to the right, starts below. */
export const PlotFrame = memo(function PlotFrame(props: PlotFrameProps) {
  const { scale, size, window, isPhone, quantiles } = props;
  const { frame } = scale;
  const clock = window.toMs - window.fromMs > 24 * MS_PER_HOUR ? DAY : CLOCK;
  const histogram = histogramSpan(scale, size, isPhone);
  const names = quantiles === undefined ? [] : placeQuantiles(quantiles, scale, isPhone);
  return (
    <svg aria-label={props.label} className="absolute inset-0 size-full text-[10.5px]" role="img">
      {scale.durationTicksUs.map((us) => (
        <g key={us}>
          <path d={`M${frame.left} ${crisp(scale.toY(us))}H${histogram.right}`} stroke="var(--grid)" />
          <text fill="var(--ink-3)" textAnchor="end" x={frame.left - 7} y={scale.toY(us) + 3.5}>
            {tickText(us)}
          </text>
        </g>
      ))}
      {scale.clockTicksMs.map((ms) => (
        <g key={ms}>
          <path d={`M${crisp(scale.toX(ms))} ${frame.top}V${size.heightPx - 18}`} stroke="var(--grid)" />
          <text fill="var(--ink-3)" textAnchor="middle" x={scale.toX(ms)} y={size.heightPx - 5}>
            {clock.format(ms)}
          </text>
        </g>
      ))}
      <path
        d={`M${crisp(frame.left)} ${frame.top}V${crisp(frame.bottom)}H${frame.right}M${crisp(histogram.left)} ${frame.top}V${frame.bottom}`}
        fill="none"
        stroke="var(--line-strong)"
      />
      <Durations bars={props.durations} left={histogram.left} right={histogram.right} />
      <Rates bars={props.rates} bottomPx={size.heightPx - 20} scale={scale} />
      <Quantiles
        isPhone={isPhone}
        namesPx={props.listed === undefined ? 7 : 13}
        placed={names}
        right={histogram.right}
        scale={scale}
      />
      <Deploys bottomPx={size.heightPx - 20} deploys={props.deploys} scale={scale} />
      {props.listed !== undefined && !isPhone && (
        <Bracket
          left={histogram.right + 3}
          listed={props.listed}
          scale={scale}
          taken={names.map(({ textY }) => textY)}
        />
      )}
    </svg>
  );
});

function Durations({ bars, left, right }: { bars: readonly PlotBar[]; left: number; right: number }) {
  const longest = Math.max(1, ...bars.map(({ count }) => count));
  const toWidth = (count: number) => (count / longest) * (right - left);
  return bars.map(({ fromPx, toPx, count, selected }) => {
    const bar = { height: Math.max(1, toPx - fromPx - 1), x: left, y: fromPx + 0.5 };
    return (
      count > 0 && (
        <g key={fromPx}>
          <rect fill="var(--line-strong)" width={Math.max(1, toWidth(count))} {...bar} />
          {selected > 0 && <rect fill="var(--accent)" width={Math.max(1.5, toWidth(selected))} {...bar} />}
        </g>
      )
    );
  });
}

function Rates({ bars, bottomPx, scale }: { bars: readonly PlotBar[]; bottomPx: number; scale: ScatterScale }) {
  const tallest = Math.max(1, ...bars.map(({ count }) => count));
  const stripPx = bottomPx - scale.frame.bottom - 8;
  const toHeight = (count: number) => Math.max(1, (count / tallest) * stripPx);
  return (
    <>
      {bars.map(({ fromPx, toPx, count, selected }) => {
        const bar = { width: Math.max(1, toPx - fromPx - 1), x: fromPx + 0.5 };
        return (
          count > 0 && (
            <g key={fromPx}>
              <rect fill="var(--line-strong)" height={toHeight(count)} y={bottomPx - toHeight(count)} {...bar} />
              {selected > 0 && (
                <rect fill="var(--accent)" height={toHeight(selected)} y={bottomPx - toHeight(selected)} {...bar} />
              )}
            </g>
          )
        );
      })}
      <text fill="var(--ink-3)" textAnchor="end" x={scale.frame.left - 7} y={bottomPx - stripPx + 8}>
        {formatCount(tallest)}
      </text>
    </>
  );
}

const LINES = [
  { name: "p99", key: "p99Us", dash: "4 3" },
  { name: "p95", key: "p95Us", dash: "4 3" },
  { name: "p50", key: "p50Us", dash: "1 3" },
] as const;

type PlacedQuantile = { name: string; us: number; y: number; textY: number; dash: string };

type QuantilesProps = {
  placed: readonly PlacedQuantile[];
  scale: ScatterScale;
  right: number;
  isPhone: boolean;
  /** Where their names begin, behind the bars. */
  namesPx: number;
};

/** The baseline of the highest name that is whole. */
const PHONE_TOP_PX = 10;

/** Names step aside where lines are close. */
function placeQuantiles(quantiles: DurationQuantiles, scale: ScatterScale, isPhone: boolean): PlacedQuantile[] {
  const ys = LINES.map(({ key }) => scale.toY(quantiles[key]));
  // On a phone they stand on their lines, where there is room above.
  const textYs = stepAside(ys.map((y) => (isPhone ? Math.max(y - 3, PHONE_TOP_PX) : y + 3.5)));
  return LINES.map(({ name, key, dash }, at) => {
    return { name, us: quantiles[key], y: ys[at] ?? 0, textY: textYs[at] ?? 0, dash };
  });
}

/** Percentiles of all traces, through plot and bars. */
function Quantiles({ placed, scale, right, isPhone, namesPx }: QuantilesProps) {
  return placed.map(({ name, us, y, textY, dash }) => (
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
          y={textY}
        >
          {name}
        </text>
      ) : (
        <text fill="var(--ink-3)" x={right + namesPx} y={textY}>
          <tspan fill="var(--ink)" fontWeight="600">
            {name}
          </tspan>{" "}
          {formatDuration(us)}
        </text>
      )}
    </g>
  ));
}

type DeploysProps = { deploys: readonly PlotDeploy[]; scale: ScatterScale; bottomPx: number };

/** A line where a version began, through the plot and the starts below it; its name is where points are few. */
function Deploys({ deploys, scale, bottomPx }: DeploysProps) {
  const { frame } = scale;
  const nameTop = scale.kind === "linear" ? frame.top : frame.bottom - 16;
  return deploys.map(({ version, atMs }) => {
    const x = crisp(scale.toX(atMs));
    const text = version.length > 14 ? `${version.slice(0, 13)}…` : version;
    const widthPx = text.length * 6 + 12;
    const isRight = x - widthPx < frame.left;
    return (
      <g key={`${version} ${atMs}`}>
        <path d={`M${x} ${frame.top}V${bottomPx}`} stroke="var(--ink)" />
        <rect fill="var(--ink)" height="15" width={widthPx} x={isRight ? x : x - widthPx} y={nameTop} />
        <text
          fill="var(--surface)"
          fontWeight="600"
          textAnchor="middle"
          x={x + (isRight ? widthPx / 2 : -widthPx / 2)}
          y={nameTop + 11}
        >
          {text}
        </text>
      </g>
    );
  });
}

type BracketProps = {
  scale: ScatterScale;
  listed: { lowUs: number; highUs: number; text: string };
  left: number;
  /** Baselines of other words there. */
  taken: readonly number[];
};

/** Which part of the plot the table below lists. */
function Bracket({ scale, listed, left, taken }: BracketProps) {
  const top = Math.max(scale.frame.top, scale.toY(listed.highUs) - 3);
  const bottom = scale.toY(listed.lowUs) + 1;
  return (
    <g>
      <path d={`M${left} ${crisp(top)}h4V${crisp(bottom)}h-4`} fill="none" stroke="var(--ink-2)" />
      <text fill="var(--ink-3)" x={left + 9} y={nearestFree(top + 8, taken)}>
        {listed.text}
      </text>
    </g>
  );
}

const crisp = (px: number): number => Math.round(px) + 0.5;

/** "1 s" rather than "1.00 s": a tick is a round value. */
function tickText(us: number): string {
  return formatDuration(us).replace(/\.0+(?=\D)/, "");
}
