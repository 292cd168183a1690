import { computeClockTicks, computeLinearTicks, computeLogTicks } from "./axis-ticks";

/** One trace as a point: when it started and how long it took. */
export type TracePoint = { startMs: number; durationUs: number };

/** The frame of a plot in CSS pixels; `top < bottom`, `left < right`. */
export type PlotFrame = { left: number; right: number; top: number; bottom: number };

/** Where a trace stands in the plot: time to the right, duration upwards. */
export type ScatterScale = {
  frame: PlotFrame;
  kind: "log" | "linear";
  lowUs: number;
  highUs: number;
  toX: (startMs: number) => number;
  toY: (durationUs: number) => number;
  /** The time and the duration of a place; outside the frame those of its edge. */
  toMs: (x: number) => number;
  toUs: (y: number) => number;
  durationTicksUs: number[];
  clockTicksMs: number[];
};

type ScaleInput = {
  points: readonly TracePoint[];
  window: { fromMs: number; toMs: number };
  frame: PlotFrame;
  clockOffsetMs: number;
  /** How durations grow upwards; logarithmic unless told. A linear one begins at zero. */
  kind?: ScatterScale["kind"];
};

/**
 * Fits the durations with some air; durations of 0 stand on the floor. No points give one decade around 100 ms, so
 * that an empty plot has the same shape. Clock ticks are at least 90 px apart.
 */
export function computeScatterScale({ points, window, frame, clockOffsetMs, kind = "log" }: ScaleInput): ScatterScale {
  const fitted = durationRange(points);
  const lowUs = kind === "log" ? fitted.lowUs : 0;
  const highUs = kind === "log" ? fitted.highUs : fitted.highUs / 1.5;
  const toLevel = (us: number) => (kind === "log" ? Math.log10(Math.max(lowUs, us)) : us);
  const ofLevel = (level: number) => (kind === "log" ? 10 ** level : level);
  const [low, high] = [toLevel(lowUs), toLevel(highUs)];
  const widthMs = Math.max(1, window.toMs - window.fromMs);
  const [widthPx, heightPx] = [frame.right - frame.left, frame.bottom - frame.top];
  const clampShare = (share: number) => Math.min(1, Math.max(0, share));
  return {
    frame,
    kind,
    lowUs,
    highUs,
    toX: (startMs) => frame.left + clampShare((startMs - window.fromMs) / widthMs) * widthPx,
    toY: (durationUs) => frame.bottom - clampShare((toLevel(durationUs) - low) / (high - low)) * heightPx,
    toMs: (x) => window.fromMs + clampShare((x - frame.left) / Math.max(1, widthPx)) * widthMs,
    toUs: (y) => ofLevel(low + clampShare((frame.bottom - y) / Math.max(1, heightPx)) * (high - low)),
    durationTicksUs: kind === "log" ? computeLogTicks(lowUs, highUs) : computeLinearTicks(lowUs, highUs, 5),
    clockTicksMs: computeClockTicks(window.fromMs, window.toMs, Math.max(1, Math.floor(widthPx / 90)), clockOffsetMs),
  };
}

function durationRange(points: readonly TracePoint[]): { lowUs: number; highUs: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { durationUs } of points) {
    if (durationUs > 0 && durationUs < least) least = durationUs;
    if (durationUs > most) most = durationUs;
  }
  if (most === 0) return { lowUs: 31_623, highUs: 316_228 };
  const lowUs = Math.max(0.7, least / 1.6);
  return { lowUs, highUs: Math.max(most * 1.6, lowUs * 10) };
}

/** The point nearest to a place, not farther than `reachPx`; the earlier one on a tie. */
export function findNearestPoint(
  scale: ScatterScale,
  points: readonly TracePoint[],
  place: { x: number; y: number },
  reachPx: number,
): number | undefined {
  let nearest: number | undefined;
  let least = reachPx * reachPx;
  for (const [index, point] of points.entries()) {
    const distance = (scale.toX(point.startMs) - place.x) ** 2 + (scale.toY(point.durationUs) - place.y) ** 2;
    if (distance < least || (distance === least && nearest === undefined)) {
      nearest = index;
      least = distance;
    }
  }
  return nearest;
}

/** How many points stand in each of `bins` equal slices between `low` and `high` (by `measure`); the rest is not counted. */
export function countPerBin(
  points: readonly TracePoint[],
  bins: number,
  range: { low: number; high: number },
  measure: (point: TracePoint) => number,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const point of points) {
    const share = (measure(point) - range.low) / (range.high - range.low);
    if (!(share >= 0 && share <= 1)) continue;
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** The smallest duration that at least `share` of the points do not exceed; `undefined` for no points. */
export function durationQuantileUs(points: readonly TracePoint[], share: number): number | undefined {
  const sorted = points.map((point) => point.durationUs).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
