import { US_PER_MS } from "@/lib/units";
import { computeClockTicks, computeLogTicks } from "../axis-ticks";
import type { DurationHistogram } from "../facts/facts-schema";
import type { RedReply } from "../facts/red-schema";

type RedPoint = RedReply["series"][number];

/** Lengths in CSS pixels of the parts of the chart, from the top. */
export const RED_BANDS = {
  deploys: { top: 0, bottom: 18 },
  rate: { top: 26, bottom: 78 },
  errors: { top: 96, bottom: 126 },
  duration: { top: 138, bottom: 318 },
  height: 340,
} as const;

type Cell = { x: number; y: number; width: number; height: number; level: number };
export type RedChart = {
  ratePath: string;
  rateArea: string;
  topRate: number;
  errorBars: { x: number; width: number; height: number }[];
  topErrorShare: number;
  cells: Cell[];
  lines: { name: "p50" | "p95" | "p99"; path: string }[];
  durationTicks: { us: number; y: number }[];
  clockTicks: { ms: number; x: number }[];
  deploys: { id: string; version: string; x: number; atUs: number }[];
  /** Where the stretch that is compared begins; undefined when it is the whole window. */
  splitX: number | undefined;
  /** Side histogram: shares (0 to 1 of the widest) per bin. */
  bars: { y: number; height: number; now: number }[];
  /** The outline of before, as points (share, y). */
  outline: { share: number; y: number }[];
  lowUs: number;
  highUs: number;
};

const LEVELS = 5;
const ERRORS_LEAST_TOP = 0.01;

type ChartInput = { reply: RedReply; left: number; right: number; clockOffsetMs: number };

/** Rate, errors and the heat map of durations on one time axis; the side histogram shares the axis of durations. */
export function toRedChart({ reply, left, right, clockOffsetMs }: ChartInput): RedChart {
  const { window, series, heatmap, against } = reply;
  const spanUs = Math.max(1, window.endUs - window.startUs);
  const toX = (us: number) => left + Math.min(1, Math.max(0, (us - window.startUs) / spanUs)) * (right - left);
  const { lowUs, highUs } = durationRange(reply);
  const band = RED_BANDS.duration;
  const low = Math.log10(lowUs);
  const toY = (us: number) =>
    band.bottom -
    Math.min(1, Math.max(0, (Math.log10(Math.max(lowUs, us)) - low) / (Math.log10(highUs) - low))) *
      (band.bottom - band.top);
  const topRate = niceTop(Math.max(...wholeBuckets(series).map(({ perSecond }) => perSecond), 0));
  const topErrorShare = Math.max(ERRORS_LEAST_TOP, ...series.map(({ errorShare }) => errorShare ?? 0));
  const whole = wholeBuckets(series);
  const rateLine = linePath(
    whole,
    toX,
    ({ perSecond }) => RED_BANDS.rate.bottom - (perSecond / topRate) * (RED_BANDS.rate.bottom - RED_BANDS.rate.top),
  );
  return {
    ratePath: rateLine,
    rateArea:
      rateLine === ""
        ? ""
        : `${rateLine}L${round(toX(middle(whole.at(-1))))} ${RED_BANDS.rate.bottom}L${round(toX(middle(whole[0])))} ${RED_BANDS.rate.bottom}Z`,
    topRate,
    errorBars: errorBars(series, toX, topErrorShare),
    topErrorShare,
    cells: heatmap === null ? [] : toCells(heatmap, toX, toY),
    lines: (["p50", "p95", "p99"] as const).map((name) => ({
      name,
      path: linePath(series, toX, ({ quantiles }) => (quantiles === null ? undefined : toY(quantiles[`${name}Us`]))),
    })),
    durationTicks: computeLogTicks(lowUs, highUs).map((us) => ({ us, y: toY(us) })),
    clockTicks: computeClockTicks(
      window.startUs / US_PER_MS,
      window.endUs / US_PER_MS,
      Math.max(1, Math.floor((right - left) / 80)),
      clockOffsetMs,
    ).map((ms) => ({ ms, x: toX(ms * US_PER_MS) })),
    deploys: reply.deploys.map(({ id, version, atUs }) => ({ id, version, atUs, x: toX(atUs) })),
    splitX: against?.kind === "deploy" && against.now.startUs > window.startUs ? toX(against.now.startUs) : undefined,
    ...sideHistogram(reply, toY),
    lowUs,
    highUs,
  };
}

const round = (px: number): number => Math.round(px * 10) / 10;
const middle = (point: RedPoint | undefined): number => (point === undefined ? 0 : (point.startUs + point.endUs) / 2);

function durationRange({ heatmap, series, histogram, against }: RedReply): { lowUs: number; highUs: number } {
  const bins = [...(heatmap?.durationBuckets ?? []), ...histogram, ...(against?.histogramBefore ?? [])];
  const all = [
    ...bins.flatMap(({ fromUs, toUs }) => [fromUs, toUs]),
    ...series.flatMap(({ quantiles }) => (quantiles === null ? [] : [quantiles.p50Us, quantiles.p99Us])),
  ].filter((us) => us > 0);
  if (all.length === 0) return { lowUs: 10_000, highUs: 1_000_000 };
  const lowUs = all.reduce((least, us) => Math.min(least, us), Number.POSITIVE_INFINITY);
  const highUs = all.reduce((most, us) => Math.max(most, us), 0);
  return highUs >= lowUs * 4 ? { lowUs, highUs } : { lowUs: lowUs / 2, highUs: highUs * 2 };
}

/** Without the first and last bucket where the window cut them: a rate over a few seconds is noise. */
function wholeBuckets(series: readonly RedPoint[]): RedPoint[] {
  const widest = series.reduce((most, { startUs, endUs }) => Math.max(most, endUs - startUs), 0);
  return series.filter(({ startUs, endUs }) => endUs - startUs >= widest / 2);
}

/** A broken line: gaps where there is no value. */
function linePath(
  series: readonly RedPoint[],
  toX: (us: number) => number,
  yOf: (point: RedPoint) => number | undefined,
): string {
  let isPenDown = false;
  return series
    .map((point) => {
      const y = yOf(point);
      if (y === undefined) {
        isPenDown = false;
        return "";
      }
      const command = isPenDown ? "L" : "M";
      isPenDown = true;
      return `${command}${round(toX(middle(point)))} ${round(y)}`;
    })
    .join("");
}

function errorBars(series: readonly RedPoint[], toX: (us: number) => number, top: number): RedChart["errorBars"] {
  const height = RED_BANDS.errors.bottom - RED_BANDS.errors.top;
  return series.flatMap(({ startUs, endUs, errorShare }) => {
    if (errorShare === null || errorShare === 0) return [];
    const x = toX(startUs);
    return [{ x, width: Math.max(1, toX(endUs) - x - 1), height: Math.max(1.5, (errorShare / top) * height) }];
  });
}

/** Colour by count on a square-root scale, so that few requests still show beside many. */
function toCells(
  { timeBuckets, durationBuckets, counts }: NonNullable<RedReply["heatmap"]>,
  toX: (us: number) => number,
  toY: (us: number) => number,
): Cell[] {
  const most = Math.sqrt(counts.reduce((largest, count) => Math.max(largest, count), 1));
  return timeBuckets.flatMap(({ startUs, endUs }, time) =>
    durationBuckets.flatMap(({ fromUs, toUs }, bin) => {
      const count = counts[time * durationBuckets.length + bin] ?? 0;
      if (count === 0) return [];
      const [x, y] = [toX(startUs), toY(toUs)];
      const level = Math.max(1, Math.ceil((Math.sqrt(count) / most) * LEVELS));
      return [{ x, y, width: toX(endUs) - x, height: toY(fromUs) - y, level }];
    }),
  );
}

function sideHistogram(
  { histogram, against }: RedReply,
  toY: (us: number) => number,
): Pick<RedChart, "bars" | "outline"> {
  const now = against === null || against.histogramNow.length === 0 ? histogram : against.histogramNow;
  const before = against?.histogramBefore ?? [];
  const [nowShares, beforeShares] = [sharesOf(now), sharesOf(before)];
  const widest = Math.max(1e-9, ...nowShares, ...beforeShares);
  return {
    bars: now.map(({ fromUs, toUs }, at) => ({
      y: toY(toUs),
      height: Math.max(1, toY(fromUs) - toY(toUs) - 1),
      now: (nowShares[at] ?? 0) / widest,
    })),
    outline: beforeShares.every((share) => share === 0)
      ? []
      : before.flatMap(({ fromUs, toUs }, at) => {
          const share = (beforeShares[at] ?? 0) / widest;
          return [
            { share, y: toY(fromUs) },
            { share, y: toY(toUs) },
          ];
        }),
  };
}

function sharesOf(histogram: DurationHistogram): number[] {
  const count = histogram.reduce((sum, bin) => sum + bin.count, 0);
  return histogram.map((bin) => (count === 0 ? 0 : bin.count / count));
}

/** The least of 1, 2, 5 times a power of ten that is not below; 1 for nothing. */
function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
