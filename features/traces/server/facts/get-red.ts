import type { Deploy, RedOperation, RedQuery, RedReply, RedTotals } from "@/features/traces/contract";
import {
  binRangeOf,
  histogramOf,
  picturesOf,
  timeBucketsOf,
  timeStepUs,
} from "@/features/traces/domain/facts/fact-buckets";
import { changeOf, comparedStretches, NOTHING, toTotals, weekApart } from "@/features/traces/domain/facts/red-numbers";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { findDeploys } from "./deploy-repository";
import type { FactTable } from "./fact-table";
import { readMetrics } from "./read-metrics";
import { type Known, NO_DEPLOY_NOTE, notesOf, silenceNote } from "./red-notes";
import {
  type BinnedCount,
  type Counted,
  countBins,
  countKnown,
  countOperations,
  countOverTime,
  countRequestCells,
  firstStart,
  type RequestScope,
  type TimedCount,
} from "./red-repository";

const WAIT_MS = 1000;
const MAX_OPERATIONS = 200;
const MAX_CHARTED = 50;
/** Of fewer requests nobody knows when they began to come. */
const ENOUGH_FOR_RATE = 30;
/** Rate, errors and durations of a service and its operations over a window, against before. */
export async function getRed(
  table: FactTable,
  service: string,
  query: RedQuery,
  signal?: AbortSignal,
): Promise<RedReply> {
  const window = table.passed(table.windowOf(query));
  const sourceId = await table.sourceId();
  void table.sampler.sample(window, { waitMs: 0 });
  const deploys = await findDeploys({ sourceId, service, fromUs: 0, toUs: window.toUs });
  const deploy = query.against === "deploy" ? deploys[0] : undefined;
  const stretches = query.against === "week" ? weekApart(window) : comparedStretches(window, deploy?.atUs);
  await table.filler.fill(window, { waitMs: WAIT_MS, signal });
  table.filler.demand(stretches.before);
  const scope = (stretch: Stretch): RequestScope => ({ sourceId, window: stretch, service });
  const shown: Shown = { service, window, deploys: deploys.filter(({ atUs }) => atUs >= window.fromUs) };
  const metrics = await readMetrics(table, { service, window, stretches, signal });
  if (metrics !== undefined)
    return {
      ...metrics,
      ...common(shown),
      against: metrics.against && { ...metrics.against, ...kindOf(query, deploy) },
    };
  const [totals, known] = await Promise.all([countOperations(scope(window)), countKnown(scope(window))]);
  const all = totals.get(null);
  if (all === undefined || all.count === 0) return redOfNothing(table, shown, known);
  const reply = await redOfRequests({ shown, scope, totals, all, known });
  const isComparable = query.against !== "deploy" || deploy !== undefined;
  return {
    ...reply,
    ...(isComparable ? await compared({ reply, scope, stretches, table, kind: kindOf(query, deploy) }) : {}),
    coverage: await table.coverageOf(window),
    notes: [...notesOf(all, known), ...(isComparable ? [] : [NO_DEPLOY_NOTE])],
  };
}

type Shown = { service: string; window: Stretch; deploys: Deploy[] };
type Scope = (stretch: Stretch) => RequestScope;
type Totals = Map<string | null, Counted>;

const kindOf = ({ against }: RedQuery, deploy: Deploy | undefined) => ({ kind: against, deploy: deploy ?? null });

function common({ service, window, deploys }: Shown) {
  return { service, window: { startUs: window.fromUs, endUs: window.toUs }, deploys };
}

/** How many requests each of those known inside others' traces stands for. */
const scaleOf = ({ traceCount, knownCount }: Known): number => (knownCount === 0 ? 1 : traceCount / knownCount);

type Found = { shown: Shown; scope: Scope; totals: Totals; all: Counted; known: Known };

async function redOfRequests({ shown, scope, totals, all, known }: Found): Promise<RedReply> {
  const { window } = shown;
  const stepUs = timeStepUs(window);
  const named = [...totals].flatMap(([name, counted]) => (name === null ? [] : [{ name, counted }]));
  const charted = named.slice(0, MAX_CHARTED).map(({ name }) => name);
  const [cells, timed, bins] = await Promise.all([
    countRequestCells(scope(window), stepUs),
    countOverTime(scope(window), stepUs, charted),
    countBins(scope(window)),
  ]);
  const { histogram, heatmap } = picturesOf(cells, window, stepUs);
  const scale = scaleOf(known);
  const over = { window, stepUs, scale };
  const series = seriesOf(timed, null, over);
  const range = binRangeOf(bins);
  const operations = named.slice(0, MAX_OPERATIONS).map(({ name, counted }): RedOperation => {
    const own = charted.includes(name) ? seriesOf(timed, name, over) : [];
    return {
      operation: name,
      isInner: counted.innerCount === counted.count,
      totals: toTotals(counted, window, scale),
      now: null,
      before: null,
      change: null,
      timeShare: all.sumUs === 0 ? 0 : counted.sumUs / all.sumUs,
      histogram: histogramOf(binsOf(bins, name), range),
      histogramBefore: [],
      p95Us: own.map(({ quantiles }) => quantiles?.p95Us ?? null),
      perSecond: own.map(({ perSecond }) => perSecond),
    };
  });
  return {
    ...common(shown),
    origin: "facts",
    originText: "From the traces this console has read.",
    basis: "requests",
    sample: all.innerCount > 0 && scale > 1 ? { readCount: known.knownCount, traceCount: known.traceCount } : null,
    totals: toTotals(all, window, scale),
    series,
    histogram,
    heatmap,
    operations,
    operationCount: named.length,
    against: null,
    coverage: null,
    notes: [],
  };
}

type Comparing = {
  reply: RedReply;
  scope: Scope;
  stretches: { now: Stretch; before: Stretch };
  table: FactTable;
  kind: ReturnType<typeof kindOf>;
};

/** What the comparison adds: the two sides, and each operation's own. Histograms of both sides line up. */
async function compared({
  reply,
  scope,
  stretches,
  table,
  kind,
}: Comparing): Promise<Pick<RedReply, "against" | "operations">> {
  const { now, before } = stretches;
  const [sinceUs, totalsNow, totalsBefore, binsNow, binsBefore, knownNow, knownBefore] = await Promise.all([
    firstStart(scope(before)),
    countOperations(scope(now)),
    countOperations(scope(before)),
    countBins(scope(now)),
    countBins(scope(before)),
    countKnown(scope(now)),
    countKnown(scope(before)),
  ]);
  const range = binRangeOf([...binsNow, ...binsBefore]);
  const side = (totals: Totals, name: string | null, stretch: Stretch, known: Known): RedTotals =>
    toTotals(totals.get(name) ?? NOTHING, stretch, scaleOf(known));
  // Before its first request a service was not there, or not traced: silence that would only lower the rate.
  const isEnough = (totalsBefore.get(null)?.count ?? 0) >= ENOUGH_FOR_RATE;
  const alive = { ...before, fromUs: Math.max(before.fromUs, (isEnough ? sinceUs : undefined) ?? before.fromUs) };
  const [allNow, allBefore] = [side(totalsNow, null, now, knownNow), side(totalsBefore, null, alive, knownBefore)];
  return {
    against: {
      ...kind,
      now: { startUs: now.fromUs, endUs: now.toUs, totals: allNow },
      before: { startUs: before.fromUs, endUs: before.toUs, totals: allBefore },
      change: changeOf(allNow, allBefore),
      histogramNow: histogramOf(binsNow, range),
      histogramBefore: histogramOf(binsBefore, range),
      coverageBefore: await table.coverageOf(before),
    },
    operations: reply.operations.map((operation) => {
      const was = side(totalsBefore, operation.operation, alive, knownBefore);
      const is = side(totalsNow, operation.operation, now, knownNow);
      return {
        ...operation,
        now: is,
        before: was,
        change: changeOf(is, was),
        histogram: histogramOf(binsOf(binsNow, operation.operation), range),
        histogramBefore: histogramOf(binsOf(binsBefore, operation.operation), range),
      };
    }),
  };
}

function seriesOf(
  timed: readonly TimedCount[],
  operation: string | null,
  { window, stepUs, scale }: { window: Stretch; stepUs: number; scale: number },
) {
  const byBin = new Map(timed.filter((one) => one.operation === operation).map((one) => [one.timeBin, one]));
  return timeBucketsOf(window, stepUs).map(({ bin, startUs, endUs }) => ({
    startUs,
    endUs,
    ...toTotals(byBin.get(bin) ?? NOTHING, { fromUs: startUs, toUs: endUs }, scale),
  }));
}

function binsOf(bins: readonly BinnedCount[], name: string): BinnedCount[] {
  return bins.filter(({ operation }) => operation === name);
}

/** Nothing was counted: because there is nothing, or because it is not known. */
async function redOfNothing(table: FactTable, shown: Shown, known: Known): Promise<RedReply> {
  const { window } = shown;
  const coverage = await table.coverageOf(window);
  const isUnknown = coverage.complete >= 1 && known.traceCount > 0 && known.knownCount === 0;
  return {
    ...common(shown),
    origin: "facts",
    originText: "From the traces this console has read.",
    basis: isUnknown ? "unknown" : "requests",
    sample: null,
    totals: toTotals(NOTHING, window),
    series: seriesOf([], null, { window, stepUs: timeStepUs(window), scale: 1 }),
    histogram: [],
    heatmap: null,
    operations: [],
    operationCount: 0,
    against: null,
    coverage,
    notes: [silenceNote(known, coverage.complete)],
  };
}
