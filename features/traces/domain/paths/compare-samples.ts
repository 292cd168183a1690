import type { CHECK_CODES, ComparedSide, CompareReply } from "./compare-schema";
import { type ComparedSteps, compareSteps, MIN_TRACES_FOR_TESTS } from "./compare-steps";
import { namedSteps, perRequestWords, toCompareVerdict } from "./compare-verdict";
import type { FoldedTrace } from "./fold-trace";
import { beyondError } from "./mean-error";
import type { PathNode } from "./path-tree";
import { quantileOf } from "./quantiles";
import { distance, rankTest, tally } from "./statistics";

const US_PER_MINUTE = 60_000_000;
const MAX_TICKS = 1_500;
const MAX_EXEMPLARS = 5;
/** Fewer traces a side than this are called few. */
const ENOUGH_TRACES = 20;
/** Mixes of operations or hosts further apart than this are not alike. */
const MAX_DISTANCE = 0.25;
/** Of the whole: one question, so a stricter answer than for one of many steps. */
const MAX_P_VALUE = 0.01;

/** What of a trace the search tells without reading it. */
export type SeenTrace = {
  traceId: string;
  startUs: number;
  durationUs: number;
  errorSpanCount: number;
  rootService: string;
  rootOperation: string;
};

/** One side of a comparison, read. */
export type SideInput = {
  seen: readonly SeenTrace[];
  traces: readonly FoldedTrace[];
  skippedCount: number;
  /** Whether the search saw all that match. */
  isWholeSearch: boolean;
  /** Length of the window asked for; null for a single trace. */
  windowUs: number | null;
};

/** Two sides lined up: what changed, where, how surely, and whether they may be compared at all. */
export function compareSamples(nodes: readonly PathNode[], before: SideInput, after: SideInput): CompareReply {
  const compared = compareSteps({ nodes, before: before.traces, after: after.traces });
  const a = toSide(before);
  const b = toSide(after);
  // A single trace beside a group, or a handful beside a handful: chance cannot be told from change.
  const canTest = Math.min(before.traces.length, after.traces.length) >= MIN_TRACES_FOR_TESTS;
  const isSingle = before.windowUs === null && after.windowUs === null;
  const durations = [before, after].map(({ traces }) => traces.map(({ durationUs }) => durationUs));
  const [beforeUs = [], afterUs = []] = durations;
  const { pValue, shift } = rankTest(tally(beforeUs, afterUs));
  const [p50Before = 0, p50After = 0] = durations.map((some) => Math.round(quantileOf(some.sort(byUs), 0.5)));
  return {
    verdict: toCompareVerdict(compared, {
      beforeUs: a.perRequest.durationUs,
      afterUs: b.perRequest.durationUs,
      perRequest: isSingle ? "" : perRequestWords(a, b),
      p50Before,
      p50After,
      shift,
      isSignificant: canTest ? pValue <= MAX_P_VALUE : null,
      isRestSure: !canTest || isRestSure(compared, before, after),
    }),
    before: a,
    after: b,
    steps: compared.steps,
    leftOut: compared.leftOut,
    checks: isSingle ? checkPair(before, after) : (checkEmpty(before, after) ?? checkGroups(before, after)),
  };
}

const byUs = (a: number, b: number) => a - b;

/** Whether what the requests take apart from the steps that are named changed by more than its own error. */
function isRestSure({ steps, pathOf }: ComparedSteps, before: SideInput, after: SideInput): boolean {
  const named = new Set(namedSteps(steps).map(({ index }) => pathOf[index]));
  const restOf = ({ traces }: SideInput) =>
    traces.map(({ paths }) => paths.reduce((sum, { path, onPathUs }) => sum + (named.has(path) ? 0 : onPathUs), 0));
  return beyondError(restOf(before), restOf(after));
}

function toSide({ seen, traces, skippedCount, windowUs }: SideInput): ComparedSide {
  const durations = Float64Array.from(seen, ({ durationUs }) => durationUs).sort();
  const starts = seen.map(({ startUs }) => startUs);
  const at = (share: number) => Math.round(quantileOf(durations, share));
  return {
    seenCount: seen.length,
    readCount: traces.length,
    skippedCount,
    sinceUs: starts.reduce((a, b) => Math.min(a, b), starts[0] ?? 0),
    untilUs: starts.reduce((a, b) => Math.max(a, b), 0),
    ticksUs: [...durations.subarray(0, MAX_TICKS)],
    quantiles: {
      p5Us: at(0.05),
      p50Us: at(0.5),
      p75Us: at(0.75),
      p90Us: at(0.9),
      p95Us: at(0.95),
      p99Us: at(0.99),
      meanUs: meanOf(seen, ({ durationUs }) => durationUs),
    },
    perRequest: {
      durationUs: meanOf(traces, ({ durationUs }) => durationUs),
      queries: meanOf(traces, ({ queryCount }) => queryCount),
      spans: meanOf(traces, ({ spanCount }) => spanCount),
      errorShare: meanOf(seen, ({ errorSpanCount }) => (errorSpanCount > 0 ? 1 : 0)),
      perMinute: windowUs === null ? null : perMinuteOf(starts, windowUs),
    },
    systems: meanSystems(traces),
    exemplars: nearestToMedian(traces),
  };
}

/** By the first and the last start: a release is live for a part of the window only. */
function perMinuteOf(starts: readonly number[], windowUs: number): number {
  const spanUs = starts.reduce((a, b) => Math.max(a, b), 0) - starts.reduce((a, b) => Math.min(a, b), starts[0] ?? 0);
  const [count, overUs] = spanUs > 0 ? [starts.length - 1, spanUs] : [starts.length, windowUs];
  return (count * US_PER_MINUTE) / Math.max(overUs, US_PER_MINUTE / 60);
}

function meanOf<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.length === 0 ? 0 : items.reduce((sum, item) => sum + numberOf(item), 0) / items.length;
}

function meanSystems(traces: readonly FoldedTrace[]): ComparedSide["systems"] {
  const sums = new Map<string, { calls: number; busyUs: number }>();
  for (const { systems } of traces) {
    for (const { name, calls, busyUs } of systems) {
      const sum = sums.get(name) ?? { calls: 0, busyUs: 0 };
      sums.set(name, { calls: sum.calls + calls, busyUs: sum.busyUs + busyUs });
    }
  }
  return [...sums]
    .map(([name, { calls, busyUs }]) => ({ name, calls: calls / traces.length, busyUs: busyUs / traces.length }))
    .sort((a, b) => b.busyUs - a.busyUs || (a.name < b.name ? -1 : 1));
}

function nearestToMedian(traces: readonly FoldedTrace[]): string[] {
  const middle = quantileOf(Float64Array.from(traces, ({ durationUs }) => durationUs).sort(), 0.5);
  return [...traces]
    .sort(
      (a, b) => Math.abs(a.durationUs - middle) - Math.abs(b.durationUs - middle) || (a.traceId < b.traceId ? -1 : 1),
    )
    .slice(0, MAX_EXEMPLARS)
    .map(({ traceId }) => traceId);
}

type Check = { code: (typeof CHECK_CODES)[number]; isOk: boolean; text: string };

function checkPair(before: SideInput, after: SideInput): Check[] {
  const [a] = before.traces;
  const [b] = after.traces;
  const isSame = a?.rootService === b?.rootService && a?.rootOperation === b?.rootOperation;
  return [
    {
      code: "same_traffic",
      isOk: isSame,
      text: isSame
        ? "Same operation"
        : `Different operations: ${a?.rootOperation ?? "–"} and ${b?.rootOperation ?? "–"}`,
    },
    checkHosts(before, after),
  ];
}

/** Of nothing nothing is alike nor whole: where a side is empty that is all there is to say. */
function checkEmpty(before: SideInput, after: SideInput): Check[] | undefined {
  const empty = [before.seen.length === 0 ? "before" : "", after.seen.length === 0 ? "after" : ""].filter(Boolean);
  if (empty.length === 0) return undefined;
  return [
    {
      code: "enough_traces",
      isOk: false,
      text: empty.length === 2 ? "No request on either side" : `No request ${empty[0]}: there is nothing to compare`,
    },
  ];
}

function checkGroups(before: SideInput, after: SideInput): Check[] {
  const fewest = Math.min(before.traces.length, after.traces.length);
  const operations = ({ seen }: SideInput) => countBy(seen, (one) => `${one.rootService} ${one.rootOperation}`);
  const mixDistance = distance(operations(before), operations(after));
  const isWhole = before.isWholeSearch && after.isWholeSearch;
  const readCount = before.traces.length + after.traces.length;
  const seenCount = before.seen.length + after.seen.length;
  return [
    {
      code: "enough_traces",
      isOk: fewest >= ENOUGH_TRACES,
      text:
        fewest >= ENOUGH_TRACES
          ? "Enough requests"
          : `Only ${fewest} ${fewest === 1 ? "request" : "requests"} on one side: differences may be chance`,
    },
    {
      code: "same_traffic",
      isOk: mixDistance <= MAX_DISTANCE,
      text:
        mixDistance <= MAX_DISTANCE
          ? "Same traffic mix"
          : `Different traffic: ${Math.round(mixDistance * 100)} % of the requests are for other operations`,
    },
    checkHosts(before, after),
    checkOverlap(before, after),
    {
      code: "whole_search",
      isOk: isWhole,
      text: isWhole
        ? "All matching requests seen"
        : "More requests match than the source gave: some of the recent ones",
    },
    {
      code: "read_all",
      isOk: readCount === seenCount,
      text: readCount === seenCount ? "All read whole" : `Read ${readCount} of ${seenCount} whole, evenly over time`,
    },
  ];
}

function checkOverlap(before: SideInput, after: SideInput): Check {
  const ids = new Set(before.seen.map(({ traceId }) => traceId));
  const both = after.seen.filter(({ traceId }) => ids.has(traceId)).length;
  return {
    code: "no_overlap",
    isOk: both === 0,
    text: both === 0 ? "No request on both sides" : `${both} requests are on both sides, which hides differences`,
  };
}

const HOST_TRAITS = ["host.name", "k8s.node.name", "cloud.region", "process.runtime.name", "process.runtime.version"];

/** Hosts and runtimes of the two sides, each trait for itself: one that is not told by both is not compared. */
function checkHosts(before: SideInput, after: SideInput): Check {
  const apart = HOST_TRAITS.filter((trait) => {
    const a = traitCounts(before, trait);
    const b = traitCounts(after, trait);
    return a.size > 0 && b.size > 0 && distance(a, b) > MAX_DISTANCE;
  });
  const isOk = apart.length === 0;
  return { code: "same_hosts", isOk, text: isOk ? "Same hosts and runtime" : `Differs: ${apart.join(", ")}` };
}

function traitCounts({ traces }: SideInput, trait: string): Map<string, number> {
  const told = traces.flatMap(({ traits }) => traits[trait] ?? []);
  return countBy(told, (value) => value);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
