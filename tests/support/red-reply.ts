import type { RedReply } from "@/features/traces/domain/facts/red-schema";

export const MINUTE_US = 60_000_000;
export const START_US = 1_795_000_000_000_000;
export const quantiles = (p95Us: number) => ({
  p50Us: p95Us / 4,
  p75Us: p95Us / 2,
  p90Us: p95Us * 0.9,
  p95Us,
  p99Us: p95Us * 1.5,
});
export const totals = (p95Us: number, errorShare = 0.01) => ({
  count: 600,
  errorCount: 6,
  perSecond: 10,
  errorShare,
  quantiles: quantiles(p95Us),
});
export const change = (p95Ratio: number, over: Partial<NonNullable<RedReply["against"]>["change"]> = {}) => ({
  p50Ratio: p95Ratio,
  p95Ratio,
  p99Ratio: p95Ratio,
  rateRatio: 1,
  errorShareDelta: 0,
  isEnough: true,
  ...over,
});
export const bins = (counts: number[]) =>
  counts.map((count, at) => ({ fromUs: 10_000 * 2 ** at, toUs: 10_000 * 2 ** (at + 1), count, errorCount: 0 }));
export const operation = (name: string, ratio: number, now: number[], before: number[]) => ({
  operation: name,
  // Of the whole window; what stands in the table is of the stretch compared.
  totals: totals(50_000),
  now: totals(100_000 * ratio),
  before: totals(100_000),
  change: change(ratio),
  timeShare: 0.2,
  isInner: false,
  histogram: bins(now),
  histogramBefore: bins(before),
  p95Us: [],
  perSecond: [],
});
export const clock = () => "12:52";

export function redReply(over: Partial<RedReply> = {}): RedReply {
  const series = [0, 1, 2, 3].map((at) => ({
    ...totals(200_000, at === 2 ? 0.2 : 0),
    startUs: START_US + at * MINUTE_US,
    endUs: START_US + (at + 1) * MINUTE_US,
  }));
  const histogram = bins([10, 40, 30, 5]);
  return {
    service: "web",
    window: { startUs: START_US, endUs: START_US + 4 * MINUTE_US },
    origin: "facts",
    originText: "From the traces this console has read.",
    basis: "requests",
    sample: null,
    totals: totals(200_000),
    series,
    histogram,
    heatmap: {
      timeBuckets: series.map(({ startUs, endUs }) => ({ startUs, endUs })),
      durationBuckets: histogram.map(({ fromUs, toUs }) => ({ fromUs, toUs })),
      counts: Array.from({ length: 16 }, (_, at) => at),
    },
    operations: [],
    operationCount: 0,
    against: {
      kind: "deploy",
      now: { startUs: START_US + 2 * MINUTE_US, endUs: START_US + 4 * MINUTE_US, totals: totals(200_000) },
      before: { startUs: START_US, endUs: START_US + 2 * MINUTE_US, totals: totals(190_000) },
      change: change(1.05),
      histogramNow: histogram,
      histogramBefore: bins([40, 40, 2, 0]),
      deploy: null,
      coverageBefore: null,
    },
    deploys: [
      { id: "d", service: "web", version: "v2", atUs: START_US + 2 * MINUTE_US, origin: "seen", previousVersion: "v1" },
    ],
    coverage: null,
    notes: [],
    ...over,
  };
}
