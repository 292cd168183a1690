"use client";

import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { Card, CardHeader } from "@/components/ui/card";
import { formatBytes, formatDuration, formatNumber } from "@/lib/format";
import { MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import { toShownName } from "@/lib/viewer-name";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { explainForecast, type ForecastMove, type ForecastPoint, rangesHeld } from "../domain/forecast-moves";
import { clockOfMs, clockText, etaText } from "./migration-words";

/** Forecasts nearer to each other than this need seconds to tell them apart. */
const SHORT_MS = 10 * MS_PER_MINUTE;
const TICK = { fill: "var(--ink-3)", fontSize: 11 };

type ForecastCardProps = {
  detail: Pick<S3MigrationDetail, "samples" | "commands">;
  snapshot: S3MigrationSnapshot;
  nowMs: number | undefined;
};

/** Each forecast of the finish when it was made, and what moved it since; nothing while there are not two of them. */
export function ForecastCard({ detail: { samples, commands }, snapshot, nowMs }: ForecastCardProps) {
  if (nowMs === undefined) return null;
  const story = explainForecast(samples, { commands, total: snapshot.inventory });
  if (story === undefined) return null;
  const { eta, finishedAt } = snapshot;
  const clock = isShort(story.points) ? clockOfMs : (ms: number) => clockText(new Date(ms).toISOString(), nowMs);
  const title = eta.kind === "range" ? `Why ${etaText(eta, snapshot, nowMs)}?` : "Forecasts of the finish";
  return (
    <Card aria-labelledby="forecasts">
      <CardHeader id="forecasts" title={title} />
      <div className="border-t border-line px-4 pt-2 pb-3 text-sm">
        <p className="text-ink-2">
          Each forecast of the finish, when it was made.
          {finishedAt !== null && ` ${heldText(story.points, Date.parse(finishedAt))}`}
        </p>
        <Forecasts points={story.points} clock={clock} />
        <table className="mt-1 w-full">
          <caption className="sr-only">What moved the finish since {clock(story.sinceMs)}</caption>
          <tbody>
            {story.moves.map((move) => (
              <Row key={`${move.kind} ${"fromMs" in move ? move.fromMs : ""}`} byMs={move.byMs}>
                {moveText(move, clock)}
              </Row>
            ))}
          </tbody>
          <tfoot className="border-t border-line">
            <Row byMs={story.byMs}>since the forecast of {clock(story.sinceMs)}</Row>
          </tfoot>
        </table>
      </div>
    </Card>
  );
}

function isShort(points: readonly ForecastPoint[]): boolean {
  return (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0) < SHORT_MS;
}

function Row({ byMs, children }: { byMs: number; children: React.ReactNode }) {
  return (
    <tr>
      <td className="py-0.5 pr-2.5 text-right align-top font-semibold whitespace-nowrap tabular-nums">
        {signedDuration(byMs)}
      </td>
      <td className="py-0.5 text-ink-2">{children}</td>
    </tr>
  );
}

function Forecasts({ points, clock }: { points: readonly ForecastPoint[]; clock: (ms: number) => string }) {
  const data = points.map(({ atMs, earliestMs, latestMs }) => ({
    atMs,
    range: [earliestMs, latestMs],
    middle: (earliestMs + latestMs) / 2,
  }));
  const last = points.at(-1);
  const label = last === undefined ? "" : `Last forecast ${clock(last.earliestMs)} to ${clock(last.latestMs)}`;
  const axis = { tick: TICK, tickLine: false, tickFormatter: clock, type: "number" } as const;
  return (
    <div role="img" aria-label={`${points.length} forecasts. ${label}`} className="h-[120px]">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={data} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis {...axis} dataKey="atMs" domain={["dataMin", "dataMax"]} stroke="var(--line-strong)" minTickGap={48} />
          <YAxis {...axis} width={58} domain={["dataMin", "dataMax"]} axisLine={false} tickCount={4} />
          <Area
            dataKey="range"
            type="linear"
            stroke="var(--s1)"
            strokeWidth={1}
            fill="var(--s1)"
            fillOpacity={0.14}
            isAnimationActive={false}
          />
          <Line
            dataKey="middle"
            type="linear"
            stroke="var(--s1)"
            strokeDasharray="3 3"
            dot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function heldText(points: readonly ForecastPoint[], endMs: number): string {
  return `Of ${points.length} ranges ${rangesHeld(points, endMs)} held; 60\u202f% should.`;
}

function moveText(move: ForecastMove, clock: (ms: number) => string): string {
  switch (move.kind) {
    case "paused": {
      const who = move.actor === null ? "nothing was worked on" : `paused by ${toShownName(move.actor)}`;
      return `${who}, ${clock(move.fromMs)} to ${clock(move.toMs)}`;
    }
    case "throttled":
      return `a store asked for less, ${clock(move.fromMs)} to ${clock(move.toMs)}`;
    case "pace":
      return paceText(move);
  }
}

const NOTABLE_RATIO = 1.1;

function paceText({ rates: [rateBefore, rate], sizes: [sizeBefore, size] }: ForecastMove & { kind: "pace" }): string {
  const pace = `the pace: ${formatNumber(rate)} objects/s, was ${formatNumber(rateBefore)}`;
  const ratio = sizeBefore === 0 ? 1 : size / sizeBefore;
  if (ratio < NOTABLE_RATIO && ratio > 1 / NOTABLE_RATIO) return pace;
  const what = ratio > 1 ? "larger" : "smaller";
  return `${pace}; what is left is ${what}: ${formatBytes(size)} each, was ${formatBytes(sizeBefore)}`;
}

/** "+7 min", "−12 s"; less than half a second is none. */
function signedDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return "0\u202fs";
  const size = Math.abs(seconds);
  return `${seconds > 0 ? "+" : "−"}${size < 60 ? `${size}\u202fs` : formatDuration(size * 1000 * US_PER_MS)}`;
}
