import type { DurationQuantiles } from "./facts-schema";
import type { RedTotals } from "./red-schema";

/** One series of a metrics store: the operation it is of ("" for all together), and values by time. */
export type MetricSeries = { operation: string; points: { atMs: number; value: number }[] };

export const METRIC_QUANTILES = { p50Us: 0.5, p75Us: 0.75, p90Us: 0.9, p95Us: 0.95, p99Us: 0.99 } as const;
type QuantileName = keyof typeof METRIC_QUANTILES;
export type RedMetrics = {
  calls: MetricSeries[];
  /** 0 to 1. */
  errors: MetricSeries[];
  /** In milliseconds, as Jaeger's store has them by default. */
  latenciesMs: Record<QuantileName, MetricSeries[]>;
};

const NAMES = Object.keys(METRIC_QUANTILES) as QuantileName[];
const US_PER_MS = 1000;

/** Names of the operations that have calls. */
export function metricOperations({ calls }: RedMetrics): string[] {
  return [...new Set(calls.map(({ operation }) => operation))];
}

/** Rate, errors and durations at one moment of one operation. */
export function pointAt(metrics: RedMetrics, operation: string, atMs: number): RedTotals {
  const read = (series: readonly MetricSeries[]) =>
    series.find((one) => one.operation === operation)?.points.find((point) => point.atMs === atMs)?.value;
  return toTotals(read(metrics.calls), read(metrics.errors), (name) => read(metrics.latenciesMs[name]));
}

/** Moments at which an operation has calls, in order. */
export function momentsOf({ calls }: RedMetrics, operation: string): number[] {
  const points = calls.find((one) => one.operation === operation)?.points ?? [];
  return points.map(({ atMs }) => atMs).sort((a, b) => a - b);
}

/**
 * One figure for the whole stretch: the mean rate; error share and quantiles weighted by the rate. The mean of quantiles is
 * not the quantile of the whole, which a metrics store does not tell; the reply says so.
 */
export function meanOf(metrics: RedMetrics, operation: string): RedTotals {
  const points = momentsOf(metrics, operation).map((atMs) => pointAt(metrics, operation, atMs));
  const all = togetherOf(points);
  return { ...all, perSecond: all.perSecond / Math.max(1, points.length) };
}

/** Several figures as one: rates add up, error shares and quantiles are weighted by them. */
export function togetherOf(parts: readonly RedTotals[]): RedTotals {
  const weighted = (read: (part: RedTotals) => number | null | undefined) => {
    let weight = 0;
    let total = 0;
    for (const part of parts) {
      const value = read(part);
      if (value === null || value === undefined) continue;
      weight += part.perSecond;
      total += value * part.perSecond;
    }
    return weight === 0 ? undefined : total / weight;
  };
  const perSecond = parts.reduce((sum, part) => sum + part.perSecond, 0);
  const errorShare = weighted((part) => part.errorShare);
  return toTotals(perSecond, errorShare, (name) => {
    const us = weighted(({ quantiles }) => quantiles?.[name]);
    return us === undefined ? undefined : us / US_PER_MS;
  });
}

function toTotals(
  perSecond: number | undefined,
  errorShare: number | undefined,
  quantileMs: (name: QuantileName) => number | undefined,
): RedTotals {
  const values = NAMES.map((name) => quantileMs(name));
  const isWhole = values.every((value) => value !== undefined);
  const quantiles = Object.fromEntries(NAMES.map((name, at) => [name, Math.round((values[at] ?? 0) * US_PER_MS)]));
  return {
    count: null,
    errorCount: null,
    perSecond: perSecond ?? 0,
    errorShare: perSecond === undefined || perSecond === 0 ? null : (errorShare ?? 0),
    quantiles: isWhole ? (quantiles as DurationQuantiles) : null,
  };
}
