"use client";

import { useMemo } from "react";
import { Card, CardHeader } from "@/components/ui/card";
import { formatCount, formatDuration } from "@/lib/format";
import type { CompareReply } from "../../contract";
import { ratioText } from "../../domain/compare-view/compare-report";
import { beyondText, type RequestDensity, toRequestDensity } from "../../domain/compare-view/request-density";
import { useWidth } from "../use-width";
import { SideSwatch } from "./side-swatch";

const HEIGHT_PX = 236;
const CURVE = { top: 26, bottom: 136 };
const TICKS_A = { top: 140, bottom: 154 };
const TICKS_B = { top: 198, bottom: 212 };
const PAD_PX = 16;

type DensityPlotProps = { reply: CompareReply; names: { before: string; after: string } };

/** How long requests take on each side: a curve, a tick a request, and lines that join equal quantiles. */
export function DensityPlot({ reply, names }: DensityPlotProps) {
  const [box, widthPx] = useWidth();
  const density = useMemo(() => toRequestDensity(reply.before, reply.after), [reply]);
  const count = reply.before.ticksUs.length + reply.after.ticksUs.length;
  return (
    <Card aria-labelledby="durations" className="overflow-clip">
      <CardHeader
        actions={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2 max-phone:hidden">
            <span className="inline-flex items-center gap-1.5">
              <SideSwatch side="a" /> {names.before}
            </span>
            <span className="inline-flex items-center gap-1.5">
              <SideSwatch side="b" /> {names.after}
            </span>
            one tick per request
          </span>
        }
        id="durations"
        meta={beyondText(density)}
        title={`All ${formatCount(count)} requests`}
      />
      <div className="h-[236px]" ref={box}>
        {widthPx > 0 && <Plot density={density} reply={reply} widthPx={widthPx} />}
      </div>
    </Card>
  );
}

function Plot({ density, reply, widthPx }: { density: RequestDensity; reply: CompareReply; widthPx: number }) {
  const x = (share: number) => PAD_PX + share * (widthPx - 2 * PAD_PX);
  const ticks = density.axisUs.filter(({ at }) => at > 0.02 && at < 0.98);
  return (
    <svg aria-label={describe(reply)} className="block text-[10.5px]" height={HEIGHT_PX} role="img" width={widthPx}>
      {ticks.map(({ us, at }) => (
        <g key={us}>
          <path d={`M${crisp(x(at))} ${CURVE.top}V${TICKS_B.bottom + 4}`} stroke="var(--grid)" />
          <text fill="var(--ink-3)" textAnchor="middle" x={x(at)} y={HEIGHT_PX - 8}>
            {formatDuration(us).replace(/\.0+(?=\D)/, "")}
          </text>
        </g>
      ))}
      <Curve curve={density.before.curve} dash="4 3" fill="var(--band)" stroke="var(--ink-3)" x={x} />
      <Curve
        curve={density.after.curve}
        fill="color-mix(in srgb, var(--accent) 16%, transparent)"
        stroke="var(--accent)"
        x={x}
      />
      <path d={`M${PAD_PX} ${CURVE.bottom + 0.5}H${widthPx - PAD_PX}`} stroke="var(--line-strong)" />
      <path
        d={tickPath(density.before.ticks, x, TICKS_A)}
        stroke="var(--ink-3)"
        strokeOpacity={tickOpacity(density.before.ticks)}
      />
      <path
        d={tickPath(density.after.ticks, x, TICKS_B)}
        stroke="var(--accent)"
        strokeOpacity={tickOpacity(density.after.ticks)}
      />
      <Links density={density} x={x} />
    </svg>
  );
}

type CurveProps = { curve: number[]; x: (share: number) => number; stroke: string; fill: string; dash?: string };

function Curve({ curve, x, stroke, fill, dash }: CurveProps) {
  if (curve.length === 0) return null;
  const height = CURVE.bottom - CURVE.top;
  const line = curve
    .map(
      (value, at) =>
        `${at === 0 ? "M" : "L"}${x(at / (curve.length - 1)).toFixed(1)} ${(CURVE.bottom - value * height).toFixed(1)}`,
    )
    .join("");
  return (
    <>
      <path d={`${line}L${x(1)} ${CURVE.bottom}L${x(0)} ${CURVE.bottom}Z`} fill={fill} />
      <path d={line} fill="none" stroke={stroke} strokeDasharray={dash} strokeWidth="1.4" />
    </>
  );
}

function Links({ density, x }: { density: RequestDensity; x: (share: number) => number }) {
  return density.links.map(({ name, from, to, ratio }, at) => {
    const isMain = name !== "p5";
    // Odd ones a line lower, so that names of close quantiles do not touch.
    const share = at % 2 === 0 ? 0.34 : 0.62;
    const textX = x(from) + (x(to) - x(from)) * share;
    const y = TICKS_A.bottom + (TICKS_B.top - TICKS_A.bottom) * share;
    return (
      <g key={name}>
        <path
          d={`M${x(from)} ${TICKS_A.top}V${TICKS_A.bottom}L${x(to)} ${TICKS_B.top}V${TICKS_B.bottom}`}
          fill="none"
          stroke={isMain ? "var(--ink)" : "var(--ink-3)"}
          strokeWidth={isMain ? 1.4 : 1}
        />
        <text
          fill={isMain ? "var(--ink)" : "var(--ink-3)"}
          fontWeight={isMain ? 600 : 400}
          paintOrder="stroke"
          stroke="var(--surface)"
          strokeLinejoin="round"
          strokeWidth="4.5"
          textAnchor="middle"
          x={textX}
          y={y + 4}
        >
          {name}
          {isMain && ` ${ratioText({ ratio, isAlike: Math.abs(ratio - 1) < 0.08 })}`}
        </text>
      </g>
    );
  });
}

function tickPath(
  ticks: readonly number[],
  x: (share: number) => number,
  band: { top: number; bottom: number },
): string {
  return ticks.map((share) => `M${x(share).toFixed(1)} ${band.top}V${band.bottom}`).join("");
}

/** Many ticks lie on each other: fainter ones show where they are dense. */
const tickOpacity = (ticks: readonly number[]): number => (ticks.length > 400 ? 0.35 : ticks.length > 80 ? 0.55 : 0.9);
const crisp = (px: number): number => Math.round(px) + 0.5;

function describe({ before, after }: CompareReply): string {
  const side = ({ ticksUs, quantiles }: CompareReply["before"]) =>
    `${formatCount(ticksUs.length)} requests, median ${formatDuration(quantiles.p50Us)}, p95 ${formatDuration(quantiles.p95Us)}`;
  return `Before: ${side(before)}. After: ${side(after)}. The table beside it has the numbers.`;
}
