import type { FactsReply } from "../facts/facts-schema";
import { countPerBin, type ScatterScale } from "../scatter-scale";
import { type Brush, isInBrush } from "./brush";
import type { PlotPoint } from "./plot-points";

/** A bar beside or below the plot, in CSS pixels along its axis. */
export type PlotBar = { fromPx: number; toPx: number; count: number; selected: number };

/** Durations as bars of equal height, lowest first. With a sample or without points, the bins of the answer. */
export function durationBars(input: BarsInput, bins: number): PlotBar[] {
  const { scale, points, selected, facts } = input;
  const { top, bottom } = scale.frame;
  if (points === undefined) {
    return (facts?.histogram ?? []).map(({ fromUs, toUs, count }) => ({
      fromPx: scale.toY(toUs),
      toPx: scale.toY(fromUs),
      count,
      selected: 0,
    }));
  }
  const range = { low: 0, high: bottom - top };
  const measure = ({ durationUs }: { durationUs: number }) => bottom - scale.toY(durationUs);
  const counts = countPerBin(points, bins, range, measure);
  const marked = countPerBin(selected, bins, range, measure);
  const stepPx = (bottom - top) / bins;
  return counts.map((count, bin) => ({
    fromPx: bottom - (bin + 1) * stepPx,
    toPx: bottom - bin * stepPx,
    count,
    selected: marked[bin] ?? 0,
  }));
}

/** Starts as bars of equal time, earliest first. */
export function rateBars({ scale, points, selected, facts }: BarsInput, bins: number): PlotBar[] {
  const { left, right } = scale.frame;
  if (points === undefined) {
    return (facts?.rate ?? []).map(({ startUs, endUs, count }) => ({
      fromPx: scale.toX(startUs / 1000),
      toPx: scale.toX(endUs / 1000),
      count,
      selected: 0,
    }));
  }
  const range = { low: left, high: right };
  const measure = ({ startMs }: { startMs: number }) => scale.toX(startMs);
  const counts = countPerBin(points, bins, range, measure);
  const marked = countPerBin(selected, bins, range, measure);
  const stepPx = (right - left) / bins;
  return counts.map((count, bin) => ({
    fromPx: left + bin * stepPx,
    toPx: left + (bin + 1) * stepPx,
    count,
    selected: marked[bin] ?? 0,
  }));
}

export type BarsInput = {
  scale: ScatterScale;
  /** All traces; undefined when only the answer's own bins count all of them. */
  points: readonly PlotPoint[] | undefined;
  selected: readonly PlotPoint[];
  facts: Pick<FactsReply, "histogram" | "rate"> | undefined;
};

/** The points of a selection; none without one. */
export function pointsIn(points: readonly PlotPoint[], brush: Brush | undefined): PlotPoint[] {
  return brush === undefined ? [] : points.filter((point) => isInBrush(brush, point));
}

/** A cell of the heat map in CSS pixels, with its weight from 0 (nothing) to 1 (the fullest cell). */
export type HeatCell = { x: number; y: number; widthPx: number; heightPx: number; weight: number };

/** The full cells of a heat map. Weights grow with the logarithm of the count: one trace in a cell is still seen. */
export function heatCells(
  { timeBuckets, durationBuckets, counts }: FactsReply["heatmap"],
  scale: ScatterScale,
): HeatCell[] {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 0));
  return counts.flatMap((count, at) => {
    const time = timeBuckets[Math.floor(at / durationBuckets.length)];
    const duration = durationBuckets[at % durationBuckets.length];
    if (count === 0 || time === undefined || duration === undefined) return [];
    const x = scale.toX(time.startUs / 1000);
    const y = scale.toY(duration.toUs);
    const widthPx = Math.max(1, scale.toX(time.endUs / 1000) - x);
    const heightPx = Math.max(1, scale.toY(duration.fromUs) - y);
    return [{ x, y, widthPx, heightPx, weight: most === 0 ? 0 : Math.log1p(count) / most }];
  });
}
