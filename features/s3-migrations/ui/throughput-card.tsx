"use client";

import { useState } from "react";
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { Card, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { formatBytes, formatNumber } from "@/lib/format";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { type ChartMark, chartMarks } from "../domain/chart-marks";
import { type ThroughputPoint, toThroughputSeries, type UnseenStretch } from "../domain/throughput-series";
import { ChartMarks } from "./chart-marks-list";

type Samples = S3MigrationDetail["samples"];
type Point = ThroughputPoint;
type Measure = "rate" | "bytes";

/** Below this the seconds are needed to tell ticks apart. */
const SHORT_MS = 10 * 60 * 1000;
const WINDOW_MS = 15 * 60 * 1000;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const TICK = { fill: "var(--ink-3)", fontSize: 11 };

const LEVEL_WORDS = {
  throttled: "a store asked for less",
  latency: "answers took three times the best seen",
} as const;

type ThroughputCardProps = {
  samples: Samples;
  commands: S3MigrationDetail["commands"];
  levels: S3MigrationDetail["levels"];
  snapshot: S3MigrationSnapshot;
};

/** Objects and bytes per second over time; a pause is a gap, and letters say who did what and when a store throttled. */
export function ThroughputCard({ samples, commands, levels, snapshot }: ThroughputCardProps) {
  const [span, setSpan] = useState<"recent" | "whole">("whole");
  const { points: all, unseen } = toThroughputSeries(samples);
  const lastMs = all.at(-1)?.atMs ?? 0;
  const points = span === "whole" ? all : all.filter(({ atMs }) => atMs >= lastMs - WINDOW_MS);
  const marks = chartMarks(points, commands);
  const { engine } = snapshot;
  const lowered = levels.at(-1);
  return (
    <Card aria-labelledby="throughput">
      <CardHeader
        id="throughput"
        title="Throughput"
        meta="objects/s"
        actions={
          <Segmented
            label="Window"
            value={span}
            onChange={setSpan}
            options={[
              { value: "recent", label: "15 min" },
              { value: "whole", label: "Whole run" },
            ]}
          />
        }
      />
      <div className="border-t border-line px-2 pt-2 pb-2">
        {points.length < 2 ? (
          <p className="px-2 py-12 text-center text-ink-3">
            {snapshot.finishedAt === null
              ? "The first points come after a few seconds of work."
              : "It was over before there was a second point to draw."}
          </p>
        ) : (
          <>
            <Chart
              points={points}
              of="rate"
              unseen={unseen}
              marks={marks}
              colour="var(--s1)"
              heightPx={170}
              label={describe(points, "rate")}
            />
            <p className="px-2 text-sm text-ink-3">bytes/s</p>
            <Chart
              points={points}
              of="bytes"
              unseen={unseen}
              marks={marks}
              colour="var(--s2)"
              heightPx={90}
              label={describe(points, "bytes")}
            />
          </>
        )}
        <ChartMarks marks={marks} />
        <p className="px-2 pt-1 text-sm text-ink-3">
          Now {engine.workers} {engine.workers === 1 ? "worker" : "workers"}, {engine.leases} chunks leased
          {engine.concurrency > 0 && `, ${engine.concurrency} in flight allowed`}; {formatNumber(engine.retries)}{" "}
          retries, {formatNumber(engine.throttledMs / 1000)} s throttled so far.
          {lowered !== undefined &&
            ` Lowered from ${lowered.from} to ${lowered.to} in flight at ${CLOCK.format(Date.parse(lowered.at))}: ${LEVEL_WORDS[lowered.reason]}.`}
        </p>
      </div>
    </Card>
  );
}

function describe(points: readonly Point[], of: Measure): string {
  const values = points.flatMap((point) => point[of] ?? []);
  const say = of === "rate" ? formatNumber : formatBytes;
  const name = of === "rate" ? "Objects" : "Bytes";
  return `${name} per second over time: last ${say(values.at(-1) ?? 0)}, most ${say(Math.max(0, ...values))}`;
}

type ChartProps = {
  points: Point[];
  unseen: UnseenStretch[];
  marks: readonly ChartMark[];
  of: Measure;
  colour: string;
  heightPx: number;
  label: string;
};

function Chart({ points, unseen, marks, of, colour, heightPx, label }: ChartProps) {
  const isShort = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0) < SHORT_MS;
  return (
    <div role="img" aria-label={label} style={{ height: heightPx }}>
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={points} margin={{ top: 16, right: 28, bottom: 0, left: 0 }} accessibilityLayer={false}>
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
          {marks.map((mark) =>
            mark.kind === "throttled" ? (
              <ReferenceArea
                key={mark.letter}
                x1={mark.fromMs}
                x2={mark.toMs}
                fill="var(--warn)"
                fillOpacity={0.14}
                ifOverflow="hidden"
                label={letterOf(mark, of)}
              />
            ) : (
              <ReferenceLine key={mark.letter} x={mark.fromMs} stroke="var(--ink-3)" label={letterOf(mark, of)} />
            ),
          )}
          <XAxis
            dataKey="atMs"
            type="number"
            domain={["dataMin", "dataMax"]}
            tickFormatter={(ms: number) => CLOCK.format(ms).slice(0, isShort ? 8 : 5)}
            tick={TICK}
            stroke="var(--line-strong)"
            tickLine={false}
            minTickGap={56}
          />
          <YAxis
            width={58}
            tick={TICK}
            axisLine={false}
            tickLine={false}
            tickCount={of === "rate" ? 4 : 3}
            tickFormatter={of === "rate" ? formatNumber : formatBytes}
          />
          <Tooltip
            isAnimationActive={false}
            content={({ payload }) => <Reading point={payload?.[0]?.payload as Point | undefined} />}
          />
          <Area
            dataKey={of}
            type="linear"
            stroke={colour}
            strokeWidth={1.5}
            fill={colour}
            fillOpacity={0.12}
            isAnimationActive={false}
            connectNulls={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Once, above the upper chart: both share their time. */
const letterOf = ({ letter, kind }: ChartMark, of: Measure) =>
  of === "bytes"
    ? ""
    : ({
        value: letter,
        position: kind === "throttled" ? "insideTop" : "top",
        fill: "var(--ink-2)",
        fontSize: 11,
        fontWeight: 600,
      } as const);

function Reading({ point }: { point: Point | undefined }) {
  if (point === undefined) return null;
  return (
    <div className="rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-raised">
      <p className="font-semibold">{CLOCK.format(point.atMs)}</p>
      <p>
        {point.rate === null
          ? "not working, or not seen"
          : `${formatNumber(point.rate)} objects/s, ${formatBytes(point.bytes ?? 0)}/s`}
      </p>
      {point.limit > 0 && <p className="text-ink-3">{point.limit} in flight allowed</p>}
      {point.throttled > 0 && <p className="text-ink-3">{formatNumber(point.throttled / 1000)} s throttled</p>}
    </div>
  );
}
