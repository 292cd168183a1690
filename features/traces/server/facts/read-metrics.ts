import type { RedOperation, RedReply, RedTotals } from "@/features/traces/contract";
import { timeStepUs } from "@/features/traces/domain/facts/fact-buckets";
import {
  METRIC_QUANTILES,
  type MetricSeries,
  meanOf,
  metricOperations,
  momentsOf,
  pointAt,
  type RedMetrics,
  togetherOf,
} from "@/features/traces/domain/facts/metric-series";
import { changeOf } from "@/features/traces/domain/facts/red-numbers";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError } from "@/lib/errors";
import { MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import { parseReply } from "../jaeger/jaeger-reply";
import type { FactTable } from "./fact-table";
import { isLate } from "./late-answer";
import { metricFamilySchema } from "./metric-schemas";

const LEAST_STEP_MS = MS_PER_MINUTE;
const MAX_OPERATIONS = 200;
const NOTE = {
  code: "metrics_average",
  text: "Figures of the whole window are averages of its moments, weighted by rate; Jaeger's metrics do not tell them.",
};

type Asked = {
  service: string;
  window: Stretch;
  stretches: { now: Stretch; before: Stretch };
  signal: AbortSignal | undefined;
};
type MetricReply = Pick<
  RedReply,
  | ("origin" | "originText" | "basis" | "sample" | "totals" | "series" | "histogram" | "heatmap" | "operations")
  | ("operationCount" | "coverage" | "notes")
> & { against: Omit<NonNullable<RedReply["against"]>, "kind" | "deploy"> | null };

/** The same figures out of Jaeger's metrics store; undefined where it has none (501), or has nothing of this service. */
export async function readMetrics(table: FactTable, asked: Asked): Promise<MetricReply | undefined> {
  const { service, window, stretches, signal } = asked;
  if (!(await hasMetrics(table, signal))) return undefined;
  const read = (stretch: Stretch, isGrouped: boolean) => readAll(table, { service, stretch, isGrouped, signal });
  const [whole, byOperation, now, before] = await Promise.all([
    read(window, false),
    read(window, true),
    read(stretches.now, true),
    read(stretches.before, true),
  ]);
  const [first] = metricOperations(whole);
  if (first === undefined) return undefined;
  const stepUs = timeStepUs(window);
  const [allNow, allBefore] = [sumOf(now), sumOf(before)];
  return {
    origin: "metrics",
    originText: "From Jaeger's metrics store.",
    basis: "requests",
    sample: null,
    totals: meanOf(whole, first),
    series: momentsOf(whole, first).map((atMs) => ({
      startUs: atMs * US_PER_MS - stepUs,
      endUs: atMs * US_PER_MS,
      ...pointAt(whole, first, atMs),
    })),
    histogram: [],
    heatmap: null,
    operations: operationsOf(byOperation, now, before),
    operationCount: metricOperations(byOperation).length,
    against: {
      now: { startUs: stretches.now.fromUs, endUs: stretches.now.toUs, totals: allNow },
      before: { startUs: stretches.before.fromUs, endUs: stretches.before.toUs, totals: allBefore },
      change: changeOf(allNow, allBefore),
      histogramNow: [],
      histogramBefore: [],
      coverageBefore: null,
    },
    coverage: null,
    notes: [NOTE],
  };
}

/** A source that fails or takes long has none for now: what was read of it is still there to answer from. */
async function hasMetrics({ source, tellsLateSpans }: FactTable, signal: AbortSignal | undefined): Promise<boolean> {
  // The embedded collector has no metrics store.
  if (tellsLateSpans) return false;
  const asked = source.hasMetrics(signal);
  if (await isLate(asked)) {
    // It goes on without us: its end tells the next one whether there is a store, or that the source is down.
    asked.catch(() => {});
    return false;
  }
  try {
    return await asked;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** All operations together. */
function sumOf(metrics: RedMetrics): RedTotals {
  return togetherOf(metricOperations(metrics).map((operation) => meanOf(metrics, operation)));
}

function operationsOf(whole: RedMetrics, now: RedMetrics, before: RedMetrics): RedOperation[] {
  const rows = metricOperations(whole).map((operation): RedOperation => {
    const totals = meanOf(whole, operation);
    const was = meanOf(before, operation);
    const is = meanOf(now, operation);
    const points = momentsOf(whole, operation).map((atMs) => pointAt(whole, operation, atMs));
    return {
      operation,
      isInner: false,
      totals,
      now: is,
      before: was,
      change: changeOf(is, was),
      timeShare: null,
      histogram: [],
      histogramBefore: [],
      p95Us: points.map(({ quantiles }) => quantiles?.p95Us ?? null),
      perSecond: points.map(({ perSecond }) => perSecond),
    };
  });
  const busy = (row: RedOperation) => row.totals.perSecond * (row.totals.quantiles?.p50Us ?? 0);
  return rows.sort((a, b) => busy(b) - busy(a)).slice(0, MAX_OPERATIONS);
}

type Question = { service: string; stretch: Stretch; isGrouped: boolean; signal: AbortSignal | undefined };

async function readAll(table: FactTable, question: Question): Promise<RedMetrics> {
  const names = Object.entries(METRIC_QUANTILES);
  const [calls = [], errors = [], ...latencies] = await Promise.all([
    readFamily(table, "calls", question),
    readFamily(table, "errors", question),
    ...names.map(([, quantile]) => readFamily(table, "latencies", question, quantile)),
  ]);
  const latenciesMs = Object.fromEntries(
    names.map(([name], at) => [name, latencies[at] ?? []]),
  ) as RedMetrics["latenciesMs"];
  return { calls, errors, latenciesMs };
}

async function readFamily(
  table: FactTable,
  family: "calls" | "errors" | "latencies",
  { service, stretch, isGrouped, signal }: Question,
  quantile?: number,
): Promise<MetricSeries[]> {
  const stepMs = Math.max(LEAST_STEP_MS, Math.ceil(timeStepUs(stretch) / US_PER_MS));
  const params = new URLSearchParams({
    service,
    endTs: String(Math.floor(stretch.toUs / US_PER_MS)),
    lookback: String(Math.max(stepMs, Math.floor((stretch.toUs - stretch.fromUs) / US_PER_MS))),
    step: String(stepMs),
    ratePer: String(stepMs),
    ...(isGrouped ? { groupByOperation: "true" } : {}),
    ...(quantile === undefined ? {} : { quantile: String(quantile) }),
  });
  const parsed = metricFamilySchema.safeParse(
    parseReply(await table.source.ask(`/api/metrics/${family}`, params, signal), "its metrics"),
  );
  if (!parsed.success)
    throw new AppError("upstream_invalid", "Jaeger answered its metrics with JSON of another shape.");
  return parsed.data.metrics.map(({ labels, metricPoints }) => ({
    operation: isGrouped ? (labels.find(({ name }) => name === "operation")?.value ?? "") : "",
    points: metricPoints.flatMap(({ gaugeValue, timestamp }) => {
      const value = gaugeValue.doubleValue ?? null;
      return value === null ? [] : [{ atMs: Date.parse(timestamp), value }];
    }),
  }));
}
