"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatBytes, formatDuration, formatNumber } from "@/lib/format";
import { US_PER_MS } from "@/lib/units";
import type { ChartMark } from "../domain/chart-marks";
import type { ThroughputPoint, UnseenStretch } from "../domain/throughput-series";
import { clockOfMs } from "./migration-words";

/** Objects, bytes, or what the destination took to answer a write. */
export type Measure = "rate" | "bytes" | "put";

const SHOWN = {
  rate: { colour: "var(--s1)", heightPx: 170, ticks: 4, say: formatNumber, name: "Objects per second" },
  bytes: { colour: "var(--s2)", heightPx: 90, ticks: 3, say: formatBytes, name: "Bytes per second" },
  put: { colour: "var(--s3)", heightPx: 90, ticks: 3, say: sayMs, name: "Answers to writes, p95" },
} as const;

/** Below this the seconds are needed to tell ticks apart. */
const SHORT_MS = 10 * 60 * 1000;
const TICK = { fill: "var(--ink-3)", fontSize: 11 };

type ThroughputChartProps = {
  of: Measure;
  points: ThroughputPoint[];
  unseen: UnseenStretch[];
  marks: readonly ChartMark[];
  /** What people allow, in the measure's unit; drawn where it fits. */
  limit?: number | undefined;
};

/** One measure over the time that all charts of the card share; what nobody saw is grey, marks are lettered once. */
export function ThroughputChart({ of, points, unseen, marks, limit }: ThroughputChartProps) {
  const { colour, heightPx, ticks, say } = SHOWN[of];
  const isShort = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0) < SHORT_MS;
  const area = { type: "linear", stroke: colour, fill: colour, isAnimationActive: false, connectNulls: false } as const;
  return (
    <div role="img" aria-label={describe(points, of)} style={{ height: heightPx }}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={points} margin={{ top: 16, right: 28, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          {unseen.map(({ fromMs, toMs }) => (
            <ReferenceArea
              key={fromMs}
              x1={fromMs}
              x2={toMs}
              fill="var(--sunken)"
              fillOpacity={1}
              ifOverflow="hidden"
            />
          ))}
          {marks.map((mark) => markOf(mark, of))}
          <XAxis
            dataKey="atMs"
            type="number"
            domain={["dataMin", "dataMax"]}
            tickFormatter={(ms: number) => clockOfMs(ms).slice(0, isShort ? 8 : 5)}
            tick={TICK}
            stroke="var(--line-strong)"
            tickLine={false}
            minTickGap={56}
          />
          <YAxis width={58} tick={TICK} axisLine={false} tickLine={false} tickCount={ticks} tickFormatter={say} />
          <Tooltip
            isAnimationActive={false}
            content={({ payload }) => <Reading point={payload?.[0]?.payload as ThroughputPoint | undefined} />}
          />
          {of === "put" ? (
            <Area {...area} dataKey="put" strokeWidth={1} fillOpacity={0.18} />
          ) : (
            <Area {...area} dataKey={of} strokeWidth={1.5} fillOpacity={0.12} />
          )}
          {limit !== undefined && (
            <ReferenceLine
              y={limit}
              stroke="var(--ink-3)"
              strokeDasharray="2 3"
              ifOverflow="hidden"
              label={{ value: `limit ${say(limit)}`, position: "insideTopLeft", fill: "var(--ink-3)", fontSize: 11 }}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function sayMs(ms: number): string {
  return formatDuration(ms * US_PER_MS);
}

function describe(points: readonly ThroughputPoint[], of: Measure): string {
  const { name, say } = SHOWN[of];
  const values = points.flatMap((point) => (of === "put" ? (point.put?.[1] ?? []) : (point[of] ?? [])));
  return `${name} over time: last ${say(values.at(-1) ?? 0)}, most ${say(Math.max(0, ...values))}`;
}

function markOf(mark: ChartMark, of: Measure) {
  const label = of === "rate" ? letterOf(mark) : "";
  if (mark.kind === "command") {
    return <ReferenceLine key={mark.letter} x={mark.fromMs} stroke="var(--ink-3)" label={label} />;
  }
  const { letter, fromMs, toMs } = mark;
  return (
    <ReferenceArea
      key={letter}
      x1={fromMs}
      x2={toMs}
      fill="var(--warn)"
      fillOpacity={0.14}
      ifOverflow="hidden"
      label={label}
    />
  );
}

/** Once, above the uppermost chart: all share their time. */
const letterOf = ({ letter, kind }: ChartMark) =>
  ({
    value: letter,
    position: kind === "throttled" ? "insideTop" : "top",
    fill: "var(--ink-2)",
    fontSize: 11,
    fontWeight: 600,
  }) as const;

function Reading({ point }: { point: ThroughputPoint | undefined }) {
  if (point === undefined) return null;
  return (
    <div className="rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-raised">
      <p className="font-semibold">{clockOfMs(point.atMs)}</p>
      <p>
        {point.rate === null
          ? "not working, or not seen"
          : `${formatNumber(point.rate)} objects/s, ${formatBytes(point.bytes ?? 0)}/s`}
      </p>
      {point.put !== null && (
        <p>
          writes answered in {sayMs(point.put[0])}, p95 {sayMs(point.put[1])}
        </p>
      )}
      {point.limit > 0 && <p className="text-ink-3">{point.limit} in flight allowed</p>}
      {point.throttled > 0 && <p className="text-ink-3">{formatNumber(point.throttled / 1000)} s throttled</p>}
    </div>
  );
}
