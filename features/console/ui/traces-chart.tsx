"use client";

import { type CSSProperties, type KeyboardEvent, type PointerEvent, useState } from "react";
import { formatAbsolute } from "@/components/ui/relative-time";
import { formatCount, formatDuration } from "@/lib/format";
import type { TimeWindow } from "@/lib/time-range";
import type { ChartLanes as Lanes } from "../domain/chart-lanes";
import { niceCeiling, sideOfName, timeTicks } from "../domain/chart-scale";
import { type DurationChannel, durationChannel } from "../domain/duration-channel";
import type { TraceBucket, TraceDigest } from "../domain/trace-digest";
import { ChartLanes } from "./chart-lanes";

const SLOW_HEIGHT = 80;
const GAP = 8;
const COUNT_HEIGHT = 52;
/** A narrower stretch has no room for words. */
const LABELLED_SHARE = 0.12;
/** Of the chart's width, what the name of a slowdown takes: on a tablet at most, and on a phone of 360 px. */
const NAME_SHARE = 0.15;
const PHONE_NAME_SHARE = 0.45;
const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

type TracesChartProps = { digest: TraceDigest; window: TimeWindow; lanes: Lanes };

/** What happened, then the slowest trace per moment, counts with errors below, one crosshair for both. Arrow keys move it. */
export function TracesChart({ digest, window, lanes }: TracesChartProps) {
  const [at, setAt] = useState<number | undefined>(undefined);
  const { buckets } = digest;
  const channel = durationChannel(digest);
  const topCount = niceCeiling(Math.max(...buckets.map(({ count }) => count)));
  const bucket = at === undefined ? undefined : buckets[at];
  const handlePointer = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(clamp(Math.floor(((event.clientX - box.left) / box.width) * buckets.length), buckets.length));
  };
  const handleKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt((now) => clamp((now ?? buckets.length) + step, buckets.length));
  };
  return (
    <div className="grid grid-cols-[116px_minmax(0,1fr)_44px] max-phone:grid-cols-[84px_minmax(0,1fr)_38px]">
      <ChartLanes lanes={lanes} />
      <DurationLabel channel={channel} />
      <div
        role="slider"
        tabIndex={0}
        aria-label="Moment of the chart"
        aria-valuemin={0}
        aria-valuemax={buckets.length - 1}
        aria-valuenow={at ?? buckets.length - 1}
        aria-valuetext={toReading(digest, channel, at ?? buckets.length - 1)}
        onKeyDown={handleKey}
        onPointerMove={handlePointer}
        onPointerLeave={() => setAt(undefined)}
        className="relative row-span-2 cursor-crosshair"
      >
        <svg
          aria-hidden
          viewBox={`0 0 ${buckets.length} ${SLOW_HEIGHT + GAP + COUNT_HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-[140px] w-full"
        >
          <Guides width={buckets.length} />
          {buckets.map((each, x) => (
            <BucketMarks key={each.fromMs} bucket={each} x={x} channel={channel} topCount={topCount} />
          ))}
        </svg>
        {digest.read.gaps.map((gap) => (
          <Unread gap={gap} isGoing={digest.read.isGoing} key={gap.fromMs} window={window} />
        ))}
        <SlowSince channel={channel} window={window} />
        {lanes.deploys
          .flatMap(({ marks }) => marks)
          .map(({ key, at: share }) => (
            <span
              className="pointer-events-none absolute inset-y-0 border-l border-ink-2/70"
              key={key}
              style={{ left: `${share * 100}%` }}
            />
          ))}
        <SlowSinceName channel={channel} window={window} />
        {at !== undefined && (
          <span
            className="pointer-events-none absolute inset-y-0 border-l border-accent"
            style={{ left: `${((at + 0.5) / buckets.length) * 100}%` }}
          />
        )}
      </div>
      <ScaleLabel text={formatDuration(channel.topUs)} />
      <ChannelLabel className="h-[52px]" name="Traces" value={formatCount(digest.count)} bad={digest.errorCount} />
      <ScaleLabel text={formatCount(topCount)} />
      <TimeAxis window={window} />
      <p className="col-span-3 min-h-[19px] pt-1 text-sm text-ink-2" aria-live="off">
        {bucket === undefined
          ? "Hover, or focus the chart and press ← →, to read values."
          : toReading(digest, channel, at ?? 0)}
      </p>
    </div>
  );
}

type SlowSinceProps = { channel: DurationChannel; window: TimeWindow };

/** What is usual as a line, and from when on it takes longer, tinted. */
function SlowSince({ channel: { slower, topUs }, window }: SlowSinceProps) {
  if (slower === undefined) return null;
  const { usualUs, sinceMs } = slower.slowdown;
  return (
    <>
      <span
        className="pointer-events-none absolute inset-y-0 right-0 border-l border-bad bg-bad/8"
        style={{ left: `${shareOf(sinceMs, window) * 100}%` }}
      />
      <span
        className="pointer-events-none absolute inset-x-0 border-t border-dashed border-ink-2"
        style={{ top: SLOW_HEIGHT - (usualUs / topUs) * (SLOW_HEIGHT - 2) }}
      >
        <span className="absolute bottom-full left-1 text-[10.5px]/[14px] text-ink-2">
          usually {formatDuration(usualUs)}
        </span>
      </span>
    </>
  );
}

const SIDES = { before: "right-[var(--rest)] left-auto", after: "right-auto left-[var(--at)]" };
const PHONE_SIDES = {
  before: "max-phone:right-[var(--rest)] max-phone:left-auto",
  after: "max-phone:right-auto max-phone:left-[var(--at)]",
};

/** Above every line of the chart, so that none runs through the words. */
function SlowSinceName({ channel: { slower }, window }: SlowSinceProps) {
  if (slower === undefined) return null;
  const share = shareOf(slower.slowdown.sinceMs, window);
  const sides = `${SIDES[sideOfName(share, NAME_SHARE)]} ${PHONE_SIDES[sideOfName(share, PHONE_NAME_SHARE)]}`;
  return (
    <span
      className={`pointer-events-none absolute top-0.5 mx-0.5 rounded-sm bg-surface px-1 text-xs whitespace-nowrap text-bad ${sides}`}
      style={{ "--at": `${share * 100}%`, "--rest": `${(1 - share) * 100}%` } as CSSProperties}
    >
      <span className="max-phone:hidden">slow </span>since {HOUR.format(slower.slowdown.sinceMs)}
    </span>
  );
}

const shareOf = (atMs: number, { fromMs, toMs }: TimeWindow): number => (atMs - fromMs) / (toMs - fromMs);

type UnreadProps = { gap: { fromMs: number; toMs: number }; window: TimeWindow; isGoing: boolean };

/** A stretch of which nothing is known, hatched: it is not empty. */
function Unread({ gap, window, isGoing }: UnreadProps) {
  const lengthMs = window.toMs - window.fromMs;
  const share = (gap.toMs - gap.fromMs) / lengthMs;
  return (
    <span
      className="pointer-events-none absolute inset-y-0 grid place-items-center overflow-hidden"
      style={{ left: `${((gap.fromMs - window.fromMs) / lengthMs) * 100}%`, width: `${share * 100}%` }}
    >
      <span className="hatched absolute inset-0 opacity-60" />
      {share > LABELLED_SHARE && (
        <span className="relative max-w-full truncate rounded-sm bg-surface px-1.5 text-xs text-ink-3">
          {isGoing ? "not read yet" : "not read"}
        </span>
      )}
    </span>
  );
}

function BucketMarks({
  bucket,
  x,
  channel,
  topCount,
}: {
  bucket: TraceBucket;
  x: number;
  channel: DurationChannel;
  topCount: number;
}) {
  const base = SLOW_HEIGHT + GAP + COUNT_HEIGHT;
  const { slowFrom, valuesUs, topUs } = channel;
  const slow = ((valuesUs[x] ?? 0) / topUs) * (SLOW_HEIGHT - 2);
  const color = x >= slowFrom ? "fill-bad" : "fill-s1";
  const all = (bucket.count / topCount) * COUNT_HEIGHT;
  const bad = (bucket.errorCount / topCount) * COUNT_HEIGHT;
  return (
    <>
      {slow > 0 && <rect x={x} y={SLOW_HEIGHT - slow} width="0.92" height="2" className={color} />}
      {slow > 0 && <rect x={x} y={SLOW_HEIGHT - slow} width="0.92" height={slow} className={`${color} opacity-20`} />}
      {all > 0 && <rect x={x + 0.1} y={base - all} width="0.8" height={all - bad} className="fill-s1" />}
      {bad > 0 && <rect x={x + 0.1} y={base - bad} width="0.8" height={bad} className="fill-bad" />}
    </>
  );
}

function Guides({ width }: { width: number }) {
  return (
    <>
      {[0.5, SLOW_HEIGHT, SLOW_HEIGHT + GAP, SLOW_HEIGHT + GAP + COUNT_HEIGHT - 0.5].map((y) => (
        <line key={y} x1="0" x2={width} y1={y} y2={y} className="stroke-grid" vectorEffect="non-scaling-stroke" />
      ))}
    </>
  );
}

type ChannelLabelProps = { name: string; value: string; bad?: number; className: string };

function ChannelLabel({ name, value, bad = 0, className }: ChannelLabelProps) {
  return (
    <div className={`flex flex-col pr-2 text-sm leading-4 text-ink-2 ${className}`}>
      {name}
      <span className="text-lg font-semibold text-ink tabular-nums max-phone:text-md">{value}</span>
      {bad > 0 && <span className="font-[550] whitespace-nowrap text-bad">{formatCount(bad)} failed</span>}
    </div>
  );
}

/** The figures of the headline beside their picture. */
function DurationLabel({ channel: { slower, valuesUs } }: { channel: DurationChannel }) {
  if (slower === undefined) {
    const slowestUs = Math.max(...valuesUs.map((valueUs) => valueUs ?? 0));
    return <ChannelLabel className="h-[88px]" name="Slowest" value={formatDuration(slowestUs)} />;
  }
  const { figure, nowUs, usualUs } = slower.slowdown;
  return (
    <div className="flex h-[88px] min-w-0 flex-col pr-2 text-sm leading-4 text-ink-2">
      <span className="mono truncate text-xs/4" title={`${slower.operation} (${slower.service})`}>
        {slower.operation}
      </span>
      {figure} now
      <span className="text-lg font-semibold text-bad tabular-nums max-phone:text-md">{formatDuration(nowUs)}</span>
      usually {formatDuration(usualUs)}
    </div>
  );
}

function ScaleLabel({ text }: { text: string }) {
  return <span className="pl-1.5 text-[10.5px]/3 whitespace-nowrap text-ink-3">{text}</span>;
}

function TimeAxis({ window: { fromMs, toMs } }: { window: TimeWindow }) {
  const offsetMs = -new Date(toMs).getTimezoneOffset() * 60_000;
  const isDays = toMs - fromMs > 36 * 3_600_000;
  return (
    <div aria-hidden className="relative col-start-2 h-5 text-[10.5px]/[14px] text-ink-3">
      {timeTicks(fromMs, toMs, 6, offsetMs).map((atMs) => (
        <span
          key={atMs}
          className="absolute top-1 -translate-x-1/2 whitespace-nowrap max-phone:even:hidden"
          style={{ left: `${((atMs - fromMs) / (toMs - fromMs)) * 100}%` }}
        >
          {(isDays ? DAY : HOUR).format(atMs)}
        </span>
      ))}
    </div>
  );
}

function toReading({ buckets }: TraceDigest, { slower, valuesUs }: DurationChannel, at: number): string {
  const bucket = buckets[at];
  if (bucket === undefined) return "";
  const { fromMs, count, errorCount } = bucket;
  if (count === 0) return `${formatAbsolute(fromMs)}: no traces`;
  const valueUs = valuesUs[at] ?? null;
  const name = slower === undefined ? "slowest" : `${slower.slowdown.figure} of ${slower.operation}`;
  const duration = valueUs === null ? `no ${slower?.operation ?? "request"}` : `${name} ${formatDuration(valueUs)}`;
  return `${formatAbsolute(fromMs)}: ${formatCount(count)} ${count === 1 ? "trace" : "traces"}, ${formatCount(errorCount)} failed, ${duration}`;
}

const clamp = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));
