"use client";

import { useState } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { Card, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { formatBytes, formatNumber } from "@/lib/format";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";

type Samples = S3MigrationDetail["samples"];
type Point = { atMs: number; rate: number | null; bytes: number; limit: number; throttled: number };

const WINDOW_MS = 15 * 60 * 1000;
const WORKING = new Set(["listing", "running", "verifying"]);
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const TICK = { fill: "var(--ink-3)", fontSize: 11 };

/** A pause is a gap, not a zero; throttling is what was added since the sample before. */
function toPoints(samples: Samples): Point[] {
  return samples.map((sample, at) => ({
    atMs: Date.parse(sample.at),
    rate: WORKING.has(sample.state) ? sample.objectsPerSecond : null,
    bytes: sample.bytesPerSecond,
    limit: sample.concurrency,
    throttled: Math.max(0, sample.throttledMs - (samples[at - 1]?.throttledMs ?? sample.throttledMs)),
  }));
}

/** Objects per second over time, and below it how many objects the engine allows itself in flight. */
export function ThroughputCard({ samples, snapshot }: { samples: Samples; snapshot: S3MigrationSnapshot }) {
  const [span, setSpan] = useState<"recent" | "whole">("whole");
  const all = toPoints(samples);
  const lastMs = all.at(-1)?.atMs ?? 0;
  const points = span === "whole" ? all : all.filter(({ atMs }) => atMs >= lastMs - WINDOW_MS);
  const { engine } = snapshot;
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
          <p className="px-2 py-12 text-center text-ink-3">The first points come after a few seconds of work.</p>
        ) : (
          <>
            <Chart points={points} of="rate" colour="var(--s1)" heightPx={170} label={describe(points)} />
            <p className="px-2 text-sm text-ink-3">in flight at most, lowered while the destination throttles</p>
            <Chart points={points} of="limit" colour="var(--s2)" heightPx={80} label="Objects in flight allowed" />
          </>
        )}
        <p className="px-2 pt-1 text-sm text-ink-3">
          Now {engine.workers} {engine.workers === 1 ? "worker" : "workers"}, {engine.leases} chunks leased,{" "}
          {engine.concurrency} in flight allowed; {formatNumber(engine.retries)} retries,{" "}
          {formatNumber(engine.throttledMs / 1000)} s throttled so far.
        </p>
      </div>
    </Card>
  );
}

function describe(points: readonly Point[]): string {
  const rates = points.flatMap(({ rate }) => (rate === null ? [] : [rate]));
  const last = rates.at(-1) ?? 0;
  return `Objects per second over time: last ${formatNumber(last)}, most ${formatNumber(Math.max(0, ...rates))}`;
}

type ChartProps = { points: Point[]; of: "rate" | "limit"; colour: string; heightPx: number; label: string };

function Chart({ points, of, colour, heightPx, label }: ChartProps) {
  return (
    <div role="img" aria-label={label} style={{ height: heightPx }}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={points} margin={{ top: 6, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="atMs"
            type="number"
            domain={["dataMin", "dataMax"]}
            tickFormatter={(ms: number) => CLOCK.format(ms).slice(0, 5)}
            tick={TICK}
            stroke="var(--line-strong)"
            tickLine={false}
            minTickGap={56}
          />
          <YAxis width={44} tick={TICK} axisLine={false} tickLine={false} tickCount={of === "rate" ? 4 : 3} />
          <Tooltip
            isAnimationActive={false}
            content={({ payload }) => <Reading point={payload?.[0]?.payload as Point | undefined} />}
          />
          {of === "rate" ? (
            <Area
              dataKey="rate"
              type="linear"
              stroke={colour}
              strokeWidth={1.5}
              fill={colour}
              fillOpacity={0.12}
              isAnimationActive={false}
              connectNulls={false}
            />
          ) : (
            <Line
              dataKey="limit"
              type="stepAfter"
              stroke={colour}
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function Reading({ point }: { point: Point | undefined }) {
  if (point === undefined) return null;
  return (
    <div className="rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-raised">
      <p className="font-semibold">{CLOCK.format(point.atMs)}</p>
      <p>
        {point.rate === null ? "not working" : `${formatNumber(point.rate)} objects/s, ${formatBytes(point.bytes)}/s`}
      </p>
      <p className="text-ink-3">
        {point.limit} in flight allowed
        {point.throttled > 0 ? `, ${formatNumber(point.throttled / 1000)} s throttled` : ""}
      </p>
    </div>
  );
}
