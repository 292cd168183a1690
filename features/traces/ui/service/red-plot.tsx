"use client";

import { useMemo } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { MS_PER_HOUR, MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import type { RedReply } from "../../contract";
import { rateText } from "../../domain/service-view/rate-text";
import { RED_BANDS, type RedChart, toRedChart } from "../../domain/service-view/red-chart";
import { type ShareOver, shareOver } from "../../domain/service-view/share-over";
import { useWidth } from "../use-width";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const DASHES = { p50: "2 2", p95: "", p99: "4 3" } as const;
const AXIS_PX = 46;
const SIDE_PX = 128;

/** Rate, errors and the heat map of durations over time, and the distribution beside it. The numbers stand in text too. */
export function RedPlot({ reply }: { reply: RedReply }) {
  const [box, widthPx] = useWidth();
  const isPhone = useMedia(PHONE);
  return (
    <div className="min-w-0 grow" ref={box} style={{ height: RED_BANDS.height }}>
      {widthPx > 0 && <Plot isPhone={isPhone} reply={reply} widthPx={widthPx} />}
    </div>
  );
}

function Plot({ reply, widthPx, isPhone }: { reply: RedReply; widthPx: number; isPhone: boolean }) {
  const sidePx = isPhone ? 0 : SIDE_PX;
  const right = widthPx - sidePx - AXIS_PX;
  const chart = useMemo(
    () => toRedChart({ reply, left: 0, right, clockOffsetMs: -new Date().getTimezoneOffset() * MS_PER_MINUTE }),
    [reply, right],
  );
  return (
    <svg
      aria-label={describe(reply)}
      className="block text-[10.5px]"
      height={RED_BANDS.height}
      role="img"
      width={widthPx}
    >
      <Axes
        chart={chart}
        isLong={reply.window.endUs - reply.window.startUs > 24 * MS_PER_HOUR * US_PER_MS}
        right={right}
      />
      <path d={chart.rateArea} fill="color-mix(in srgb, var(--s1) 12%, transparent)" />
      <path d={chart.ratePath} fill="none" stroke="var(--s1)" strokeWidth="1.5" />
      {chart.errorBars.map(({ x, width, height }) => (
        <rect fill="var(--bad)" height={height} key={x} width={width} x={x} y={RED_BANDS.errors.bottom - height} />
      ))}
      {chart.cells.map(({ x, y, width, height, level }) => (
        <rect
          fill={`color-mix(in srgb, var(--s1) ${14 + level * 14}%, var(--surface))`}
          height={height + 0.3}
          key={`${x} ${y}`}
          width={width + 0.3}
          x={x}
          y={y}
        />
      ))}
      {chart.lines.map(({ name, path }) => (
        <g key={name}>
          <path
            d={path}
            fill="none"
            stroke="var(--surface)"
            strokeOpacity={name === "p50" ? 0.5 : 0.85}
            strokeWidth="3.5"
          />
          <path
            d={path}
            fill="none"
            stroke={name === "p95" ? "var(--bad)" : "var(--ink)"}
            strokeDasharray={DASHES[name]}
            strokeWidth={name === "p95" ? 1.8 : 1.3}
          />
        </g>
      ))}
      <Deploys chart={chart} right={right} />
      <OverText reply={reply} right={right} />
      {sidePx > 0 && <SideHistogram chart={chart} left={right + AXIS_PX} right={widthPx - 4} />}
    </svg>
  );
}

function Axes({ chart, right, isLong }: { chart: RedChart; right: number; isLong: boolean }) {
  const { rate, errors, duration } = RED_BANDS;
  return (
    <g>
      <rect fill="var(--bg)" height={duration.bottom - duration.top} width={right} x={0} y={duration.top} />
      {chart.clockTicks.map(({ ms, x }) => (
        <g key={ms}>
          <path d={`M${crisp(x)} ${rate.top}V${duration.bottom}`} stroke="var(--grid)" />
          <text
            fill="var(--ink-3)"
            textAnchor={x > right - 20 ? "end" : x < 20 ? "start" : "middle"}
            x={x}
            y={RED_BANDS.height - 6}
          >
            {(isLong ? DAY : CLOCK).format(ms)}
          </text>
        </g>
      ))}
      <path d={`M0 ${errors.bottom + 0.5}H${right}M0 ${rate.bottom + 0.5}H${right}`} stroke="var(--line)" />
      <text fill="var(--ink-3)" x={right + 6} y={rate.top + 8}>
        {rateText(chart.topRate)}
      </text>
      <text fill="var(--ink-3)" x={right + 6} y={errors.top + 8}>
        {formatShare(chart.topErrorShare)}
      </text>
      {chart.durationTicks.map(({ us, y }) => (
        <text fill="var(--ink-3)" key={us} x={right + 6} y={y + 3.5}>
          {plainText(us)}
        </text>
      ))}
    </g>
  );
}

/** How many requests are over a round time, at the top of the durations where few of them are. */
function OverText({ reply, right }: { reply: RedReply; right: number }) {
  const over = shareOver(reply);
  if (over === undefined) return null;
  const isMore = over.before !== null && over.now >= 1.5 * over.before && over.now - over.before >= 0.01;
  const y = RED_BANDS.duration.top + 12;
  const halo = { paintOrder: "stroke", stroke: "var(--bg)", strokeWidth: 3, strokeLinejoin: "round" } as const;
  return (
    <text textAnchor="end" {...halo}>
      <tspan fill={isMore ? "var(--bad)" : "var(--ink)"} fontWeight="600" x={right - 6} y={y}>
        {overText(over)}
      </tspan>
      {over.before !== null && (
        <tspan fill="var(--ink-2)" x={right - 6} y={y + 13}>
          {formatShare(over.before)} before
        </tspan>
      )}
    </text>
  );
}

/** "2 s": of a round time nobody needs the noughts. */
const plainText = (us: number): string =>
  formatDuration(us)
    .replace(/\.0+(?=\D)/, "")
    .replace(/(\.\d)0(?=\D)/, "$1");

const overText = ({ now, overUs }: ShareOver): string => `${formatShare(now)} over ${plainText(overUs)}`;

function Deploys({ chart, right }: { chart: RedChart; right: number }) {
  return chart.deploys.slice(0, 8).map(({ id, version, x }) => (
    <g key={id}>
      <path d={`M${crisp(x)} 12V${RED_BANDS.duration.bottom}`} stroke="var(--ink)" />
      <path d={`M${x - 4} 6h9l-4.500 6z`} fill="var(--ink)" />
      <text
        className="mono"
        fill="var(--ink)"
        fontWeight="600"
        textAnchor={x > right - 70 ? "end" : "start"}
        x={x > right - 70 ? x - 8 : x + 9}
        y={13}
      >
        {version.length > 14 ? `${version.slice(0, 13)}…` : version}
      </text>
    </g>
  ));
}

/** Filled: now. Outline: before. Both are shares of their own requests. */
function SideHistogram({ chart, left, right }: { chart: RedChart; left: number; right: number }) {
  const toX = (share: number) => left + share * (right - left);
  const outline = chart.outline.map(
    ({ share, y }, at) => `${at === 0 ? "M" : "L"}${toX(share).toFixed(1)} ${y.toFixed(1)}`,
  );
  return (
    <g>
      <path d={`M${crisp(left)} ${RED_BANDS.duration.top}V${RED_BANDS.duration.bottom}`} stroke="var(--line-strong)" />
      {chart.bars.map(({ y, height, now }) => (
        <rect
          fill="color-mix(in srgb, var(--s1) 70%, var(--surface))"
          height={height}
          key={y}
          width={now * (right - left)}
          x={left}
          y={y}
        />
      ))}
      <path d={outline.join("")} fill="none" stroke="var(--ink)" strokeWidth="1.3" />
      <text fill="var(--ink-3)" x={left} y={RED_BANDS.height - 6}>
        share of requests
      </text>
    </g>
  );
}

const crisp = (px: number): number => Math.round(px) + 0.5;

function describe(reply: RedReply): string {
  const { totals, deploys } = reply;
  const quantiles = totals.quantiles;
  const over = shareOver(reply);
  return [
    totals.count === null ? "" : `${formatCount(totals.count)} requests`,
    `rate ${rateText(totals.perSecond)}`,
    `errors ${totals.errorShare === null ? "unknown" : formatShare(totals.errorShare)}`,
    quantiles === null ? "" : `p50 ${formatDuration(quantiles.p50Us)}, p95 ${formatDuration(quantiles.p95Us)}`,
    over === undefined ? "" : overText(over),
    deploys.length === 0 ? "" : `deploys: ${deploys.map(({ version }) => version).join(", ")}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
