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
import { countCells, type FactScope } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { readMetrics } from "./read-metrics";
import {
  type BinnedCount,
  type Counted,
  countBins,
  countOperations,
  countOverTime,
  countSpans,
  firstStart,
  type TimedCount,
} from "./red-repository";

const WAIT_MS = 1000;
const MAX_OPERATIONS = 200;
const MAX_CHARTED = 50;
/** Of fewer requests nobody knows when they began to come. */
const ENOUGH_FOR_RATE = 30;
type Note = RedReply["notes"][number];

const FAILED_NOTE: Note = {
  code: "failed_means_any_span",
  text: "A request counts as failed when any span of its trace failed, also one that was retried.",
};
const SPANS_NOTE: Note = {
  code: "no_requests_of_its_own",
  text: "This service begins no trace here: its spans in others' traces are counted, and summaries do not tell their durations.",
};
const UNKNOWN_NOTE: Note = {
  code: "no_spans",
  text: "No trace of this window names a service of this name.",
};
const READING_NOTE: Note = {
  code: "still_reading",
  text: "The traces of this window are still being read: whether this service begins requests is not known yet.",
};
const NO_DEPLOY_NOTE: Note = {
  code: "no_deploy",
  text: "No deploy of this service is known, so it is compared with nothing. Report one with POST /api/deploys.",
};

/** What a reader must know of durations that are not simply those of the answers. */
function durationNotes({ count, lengthOnlyCount, outlastedCount }: Counted): Note[] {
  const of = (part: number) =>
    part === count ? "all" : `${part.toLocaleString("en-US")} of ${count.toLocaleString("en-US")}`;
  const notes: Note[] = [];
  if (lengthOnlyCount > 0)
    notes.push({
      code: "durations_of_traces",
      text: `This Jaeger does not tell how long a request's own span took. For ${of(lengthOnlyCount)} requests the length of the whole trace counts: jobs that run on after the answer and clocks that are off are in it.`,
    });
  if (outlastedCount > 0)
    notes.push({
      code: "work_after_answer",
      text: `In ${of(outlastedCount)} requests work went on after the answer. Durations here end with the answer; the traces themselves are longer.`,
    });
  return notes;
}

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
  const scope = (stretch: Stretch): FactScope => ({
    sourceId,
    window: stretch,
    filters: { rootService: service, own: false },
  });
  const shown: Shown = { service, window, deploys: deploys.filter(({ atUs }) => atUs >= window.fromUs) };
  const metrics = await readMetrics(table, { service, window, stretches, signal });
  if (metrics !== undefined)
    return {
      ...metrics,
      ...common(shown),
      against: metrics.against && { ...metrics.against, ...kindOf(query, deploy) },
    };
  const totals = await countOperations(scope(window));
  const all = totals.get(null) ?? { ...NOTHING, sumUs: 0, lengthOnlyCount: 0, outlastedCount: 0 };
  if (all.count === 0) return redOfSpans(table, shown);
  const reply = await redOfRequests({ shown, scope, totals, all });
  const isComparable = query.against !== "deploy" || deploy !== undefined;
  return {
    ...reply,
    ...(isComparable ? await compared({ reply, scope, stretches, table, kind: kindOf(query, deploy) }) : {}),
    coverage: await table.coverageOf(window),
    notes: [FAILED_NOTE, ...durationNotes(all), ...(isComparable ? [] : [NO_DEPLOY_NOTE])],
  };
}

type Shown = { service: string; window: Stretch; deploys: Deploy[] };
type Scope = (stretch: Stretch) => FactScope;
type Totals = Map<string | null, Counted>;

const kindOf = ({ against }: RedQuery, deploy: Deploy | undefined) => ({ kind: against, deploy: deploy ?? null });

function common({ service, window, deploys }: Shown) {
  return { service, window: { startUs: window.fromUs, endUs: window.toUs }, deploys };
}

async function redOfRequests(input: { shown: Shown; scope: Scope; totals: Totals; all: Counted }): Promise<RedReply> {
  const { shown, scope, totals, all } = input;
  const { window } = shown;
  const stepUs = timeStepUs(window);
  const named = [...totals].flatMap(([name, counted]) => (name === null ? [] : [{ name, counted }]));
  const charted = named.slice(0, MAX_CHARTED).map(({ name }) => name);
  const [cells, timed, bins] = await Promise.all([
    countCells(scope(window), stepUs, "request_us"),
    countOverTime(scope(window), stepUs, charted),
    countBins(scope(window)),
  ]);
  const { histogram, heatmap } = picturesOf(cells, window, stepUs);
  const series = seriesOf(timed, null, window, stepUs);
  const range = binRangeOf(bins);
  const operations = named.slice(0, MAX_OPERATIONS).map(({ name, counted }): RedOperation => {
    const own = charted.includes(name) ? seriesOf(timed, name, window, stepUs) : [];
    return {
      operation: name,
      totals: toTotals(counted, window),
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
    totals: toTotals(all, window),
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
  const [sinceUs, totalsNow, totalsBefore, binsNow, binsBefore] = await Promise.all([
    firstStart(scope(before)),
    countOperations(scope(now)),
    countOperations(scope(before)),
    countBins(scope(now)),
    countBins(scope(before)),
  ]);
  const range = binRangeOf([...binsNow, ...binsBefore]);
  const side = (totals: Totals, name: string | null, stretch: Stretch): RedTotals =>
    toTotals(totals.get(name) ?? NOTHING, stretch);
  // Before its first request a service was not there, or not traced: silence that would only lower the rate.
  const isEnough = (totalsBefore.get(null)?.count ?? 0) >= ENOUGH_FOR_RATE;
  const alive = { ...before, fromUs: Math.max(before.fromUs, (isEnough ? sinceUs : undefined) ?? before.fromUs) };
  const [allNow, allBefore] = [side(totalsNow, null, now), side(totalsBefore, null, alive)];
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
      const was = side(totalsBefore, operation.operation, alive);
      const is = side(totalsNow, operation.operation, now);
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

function seriesOf(timed: readonly TimedCount[], operation: string | null, window: Stretch, stepUs: number) {
  const byBin = new Map(timed.filter((one) => one.operation === operation).map((one) => [one.timeBin, one]));
  return timeBucketsOf(window, stepUs).map(({ bin, startUs, endUs }) => ({
    startUs,
    endUs,
    ...toTotals(byBin.get(bin) ?? NOTHING, { fromUs: startUs, toUs: endUs }),
  }));
}

function binsOf(bins: readonly BinnedCount[], name: string): BinnedCount[] {
  return bins.filter(({ operation }) => operation === name);
}

async function redOfSpans(table: FactTable, shown: Shown): Promise<RedReply> {
  const { service, window } = shown;
  const stepUs = timeStepUs(window);
  const counts = await countSpans({ sourceId: await table.sourceId(), window, service }, stepUs);
  const coverage = await table.coverageOf(window);
  const isUnread = counts.length === 0 && coverage.complete < 1;
  const byBin = new Map(counts.map((one) => [one.timeBin, { ...one, quantiles: null }]));
  const sum = counts.reduce(
    (all, one) => ({
      timeBin: 0,
      count: all.count + one.count,
      errorCount: all.errorCount + one.errorCount,
    }),
    { timeBin: 0, count: 0, errorCount: 0 },
  );
  return {
    ...common(shown),
    origin: "facts",
    originText: "From the traces this console has read.",
    basis: isUnread ? "requests" : "spans",
    totals: toTotals({ ...sum, quantiles: null }, window),
    series: timeBucketsOf(window, stepUs).map(({ bin, startUs, endUs }) => ({
      startUs,
      endUs,
      ...toTotals(byBin.get(bin) ?? NOTHING, { fromUs: startUs, toUs: endUs }),
    })),
    histogram: [],
    heatmap: null,
    operations: [],
    operationCount: 0,
    against: null,
    coverage,
    notes: [coverage.complete < 1 ? READING_NOTE : counts.length === 0 ? UNKNOWN_NOTE : SPANS_NOTE],
  };
}
