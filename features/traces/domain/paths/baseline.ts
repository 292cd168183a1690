import type { TraceSkeleton } from "../trace-skeleton";
import { beganLater } from "./began-later";
import { type DayBefore, isSlowerThan, MIN_DAY_BEFORE } from "./day-before";
import type { FoldedPath, FoldedTrace } from "./fold-trace";
import { findNewPaths } from "./new-in-release";
import type { PathUsual } from "./path-schema";
import { type FindOptions, findRows, isCallOfPath, NO_PATH, type PathNode, PathTree } from "./path-tree";
import {
  computeQuantiles,
  computeWeightedQuantiles,
  type Quantiles,
  quantileOf,
  type Weighted,
  weightedQuantilesOf,
} from "./quantiles";
import { findLongerWay, findQuickTraces, findTwoWays } from "./quick-traces";

/** What is usual of an operation, from a sample of its traces. Path = index into `tree`. */
export type Baseline = {
  rootService: string;
  rootOperation: string;
  traceCount: number;
  /** Starts of the first and the last trace of the sample, epoch microseconds; 0 without traces. */
  sinceUs: number;
  untilUs: number;
  /** How long the caller waited. */
  durationUs: ReturnType<typeof computeQuantiles>;
  /** Traces whose root failed, 0..1. */
  errorShare: number;
  /** Parents stand before their children; roots have parent -1. */
  tree: (PathUsual & {
    parent: number;
    spread?: StepSpread;
  })[];
  /** What is usual when nothing is wrong, where the sample holds a regression: the same paths, of its quick traces. */
  quick?:
    | {
        baseline: Omit<Baseline, "quick">;
        untilUs: number;
        slowCount: number;
        isDayBefore?: boolean;
        slowTraces: readonly PathTimes[];
      }
    | undefined;
  /** What the operation took on the day before the sample, where that is known. */
  before?: { p50Us: number; count: number } | undefined;
  /** What is usual of those that go a longer way of their own, as requests that miss a cache: they take more than `untilUs`. */
  longerWay?: LongerWayUsual | undefined;
  /** Where requests were of two kinds from the first: what each takes, and where one ends and the other begins. */
  ways?:
    | {
        untilUs: number;
        slowCount: number;
        quickUs: Quantiles;
        slow: Omit<Baseline, "quick">;
        slowTraces: readonly PathTimes[];
      }
    | undefined;
};

/** Where one trace spent its time: the paths it waited for, and how long for each. */
export type PathTimes = { paths: Int32Array; waitedUs: Float64Array };

function pathTimesOf({ paths }: FoldedTrace): PathTimes {
  const waited = paths.filter(({ onPathUs }) => onPathUs > 0);
  return {
    paths: Int32Array.from(waited, ({ path }) => path),
    waitedUs: Float64Array.from(waited, ({ onPathUs }) => onPathUs),
  };
}

type LongerWayUsual = {
  baseline: Omit<Baseline, "quick">;
  /** What is usual of the shorter way, for requests that took it and long. */
  shorter: Omit<Baseline, "quick">;
  untilUs: number;
  steps: number[];
};

type Spread = {
  p50Us: number;
  p75Us: number;
  p95Us: number;
  /** What nearly all take: the 95th percentile, or the 90th where what is above that stands apart from all the rest. */
  mostUs: number;
};
/** What only a diagnosis asks: the third quartiles, and when a step starts. */
export type StepSpread = Record<"busyUs" | "totalUs" | "ownUs" | "callUs", Spread> & {
  /** From the start of the step's parent to the step's own first start, per trace: how long work lay in a queue. */
  afterParentUs: Spread;
  /** Whether a step of few traces was there from the first, rather than begun within the sample. */
  isOld: boolean;
};

/** Traces of one operation, folded into one tree. */
export type FoldedSample = { nodes: readonly PathNode[]; traces: readonly FoldedTrace[] };

type RootOperation = { rootService: string; rootOperation: string };

/**
 * Sums up a sample. Total: no traces give a baseline with `traceCount` 0 and no paths. A sample that is slow as a whole holds
 * nothing to tell that by: then it is measured by the day before.
 */
export function buildBaseline(of: RootOperation, sample: FoldedSample, before?: DayBefore): Baseline {
  const known = ofOneDay(of, sample);
  if (before === undefined || before.count < MIN_DAY_BEFORE) return known;
  const { quicker, ...took } = before;
  if (known.quick !== undefined || quicker === undefined || !isSlowerThan(sample.traces, quicker.traces))
    return { ...known, before: took };
  const baseline = sumUp(of, quicker);
  const untilUs = baseline.durationUs.p95Us;
  const slow = sample.traces.filter(({ durationUs }) => durationUs > untilUs);
  // Two kinds of a slow day are told apart again when it is over.
  const whole = sumUp(of, { nodes: quicker.nodes, traces: sample.traces });
  return {
    ...whole,
    before: took,
    quick: { baseline, untilUs, slowCount: slow.length, isDayBefore: true, slowTraces: slow.map(pathTimesOf) },
  };
}

function ofOneDay(of: RootOperation, sample: FoldedSample): Baseline {
  const quick = findQuickTraces(sample.traces);
  if (quick === undefined) {
    const way = findLongerWay(sample.traces);
    if (way === undefined) return { ...sumUp(of, sample), ways: waysOf(of, sample) };
    const { nodes } = sample;
    const { untilUs, steps } = way;
    const baseline = sumUp(of, { nodes, traces: way.traces });
    const shorter = sumUp(of, { nodes, traces: way.others });
    return { ...sumUp(of, sample), longerWay: { baseline, shorter, untilUs, steps } };
  }
  const { traces, untilUs, slowCount } = quick;
  const slowTraces = sample.traces.filter(({ durationUs }) => durationUs > untilUs).map(pathTimesOf);
  const baseline = sumUp(of, { nodes: sample.nodes, traces });
  return { ...sumUp(of, sample), quick: { baseline, untilUs, slowCount, slowTraces } };
}

function waysOf(root: RootOperation, { nodes, traces }: FoldedSample): Baseline["ways"] {
  const ways = findTwoWays(traces);
  if (ways === undefined) return undefined;
  const { untilUs, quick, slow } = ways;
  const quickUs = computeQuantiles(quick.map(({ durationUs }) => durationUs));
  return {
    untilUs,
    slowCount: slow.length,
    quickUs,
    slow: sumUp(root, { nodes, traces: slow }),
    slowTraces: slow.map(pathTimesOf),
  };
}

function sumUp({ rootService, rootOperation }: RootOperation, { nodes, traces }: FoldedSample): Baseline {
  const ofPath: FoldedPath[][] = nodes.map(() => []);
  for (const { paths } of traces) for (const folded of paths) ofPath[folded.path]?.push(folded);
  const newIn = findNewPaths(traces, nodes.length);
  const delays = delaysOf({ nodes, traces });
  const isOld = oldSteps({ nodes, traces });
  const starts = traces.map(({ startUs }) => startUs);
  return {
    rootService,
    rootOperation,
    traceCount: traces.length,
    sinceUs: starts.length === 0 ? 0 : Math.min(...starts),
    untilUs: starts.length === 0 ? 0 : Math.max(...starts),
    durationUs: computeQuantiles(traces.map(({ durationUs }) => durationUs)),
    errorShare: traces.length === 0 ? 0 : traces.filter(({ isFailed }) => isFailed).length / traces.length,
    tree: nodes.map((node, path) => ({
      ...node,
      ...usualOf(ofPath[path] ?? []),
      newIn: newIn[path] ?? null,
      spread: { ...spreadOf(ofPath[path] ?? [], delays[path] ?? []), isOld: isOld[path] ?? false },
    })),
  };
}

/** Fewer of a sample may be anybody's trouble. */
const MIN_OLD = 3;
/** One of a few steps seen in few requests: enough to doubt that it was always there. */
const MAX_STEP_P_VALUE = 0.02;

/** Per path, whether it is in several traces and was so from the first. */
function oldSteps({ nodes, traces }: FoldedSample): boolean[] {
  const places: number[][] = nodes.map(() => []);
  for (const [place, { paths }] of [...traces].sort((a, b) => a.startUs - b.startUs).entries())
    for (const { path } of paths) places[path]?.push(place);
  return places.map((some) => {
    if (some.length < MIN_OLD) return false;
    const hits = new Set(some);
    return !beganLater(
      traces.map((_, place) => hits.has(place)),
      MAX_STEP_P_VALUE,
    );
  });
}

/**
 * Trouble in one request of twenty is the 95th percentile itself. Between the 90th and the 95th of a step that varies by a
 * third lie 12 %, by a half 20 %: so much more is another kind.
 */
const APART_FACTOR = 1.6;
const APART_US = 15_000;

function spreadOf(folded: readonly FoldedPath[], delays: readonly number[]): Omit<StepSpread, "isOld"> {
  const of = (sample: readonly Weighted[]): Spread => {
    const [p50Us = 0, p75Us = 0, p90Us = 0, p95Us = 0] = weightedQuantilesOf(sample, [0.5, 0.75, 0.9, 0.95]);
    const isApart = p95Us > Math.max(APART_FACTOR * p90Us, p90Us + APART_US);
    return { p50Us, p75Us, p95Us, mostUs: isApart ? p90Us : p95Us };
  };
  const evenly = (values: readonly number[]) => of(values.map((value) => ({ value, weight: 1 })));
  return {
    busyUs: evenly(folded.map(({ busyUs }) => busyUs)),
    totalUs: evenly(folded.map(({ totalUs }) => totalUs)),
    ownUs: evenly(folded.map(({ ownUs }) => ownUs)),
    callUs: of(folded.flatMap(toWeighted)),
    afterParentUs: evenly(delays),
  };
}

/** Per path, how long after its parent's first start it first started, in each trace that has both. */
function delaysOf({ nodes, traces }: FoldedSample): number[][] {
  const delays: number[][] = nodes.map(() => []);
  for (const { paths } of traces) {
    const starts = new Map(paths.map(({ path, firstStartUs }) => [path, firstStartUs]));
    for (const { path, firstStartUs } of paths) {
      const above = starts.get(nodes[path]?.parent ?? NO_PATH);
      if (above !== undefined) delays[path]?.push(Math.max(0, firstStartUs - above));
    }
  }
  return delays;
}

function usualOf(folded: readonly FoldedPath[]): Omit<PathUsual, "service" | "name" | "detail" | "newIn"> {
  const calls = Float64Array.from(folded, (path) => path.calls).sort();
  const callUs = computeWeightedQuantiles(folded.flatMap(toWeighted));
  return {
    presentIn: folded.length,
    calls: { p50: quantileOf(calls, 0.5), p95: quantileOf(calls, 0.95), max: quantileOf(calls, 1) },
    totalUs: computeQuantiles(folded.map(({ totalUs }) => totalUs)),
    ownUs: computeQuantiles(folded.map(({ ownUs }) => ownUs)),
    callUs: { ...callUs, maxUs: folded.reduce((max, { maxCallUs }) => Math.max(max, maxCallUs), 0) },
  };
}

function toWeighted({ calls, callsUs }: FoldedPath): Weighted[] {
  return callsUs.map((value) => ({ value, weight: calls / callsUs.length }));
}

/** The path of each row of a trace in the baseline's tree; -1 for a step that is new. */
export function matchPaths(
  trace: TraceSkeleton,
  baseline: Pick<Baseline, "tree">,
  options: FindOptions = {},
): Int32Array {
  return findRows(trace, new PathTree(baseline.tree), options);
}

/** Below this many traces nothing is called usual. */
export const MIN_USUAL_TRACES = 5;
/** A step in at least this share of the traces is missed when it is not there. */
const EXPECTED_SHARE = 0.98;

/**
 * Paths that are nearly always there and are not in this trace, only the topmost of each missing branch.
 * None while the baseline has fewer than {@link MIN_USUAL_TRACES} traces.
 */
export function findMissingPaths(pathOfRow: Int32Array, { tree, traceCount }: Baseline): number[] {
  if (traceCount < MIN_USUAL_TRACES) return [];
  const present = new Set(pathOfRow);
  return tree.flatMap(({ parent, presentIn }, path) => {
    if (present.has(path) || presentIn < EXPECTED_SHARE * traceCount) return [];
    return parent === NO_PATH || present.has(parent) ? [path] : [];
  });
}

/** The same for a trace not matched yet. */
export function missingSteps(trace: TraceSkeleton, baseline: Baseline): number[] {
  return findMissingPaths(matchPaths(trace, baseline), baseline);
}

export type CountDrift = { path: number; calls: number; usual: PathUsual["calls"] };

/** Paths called more often than ever seen in the sample, the largest excess first; none below five traces. */
export function findCountDrift(trace: TraceSkeleton, pathOfRow: Int32Array, baseline: Baseline): CountDrift[] {
  if (baseline.traceCount < MIN_USUAL_TRACES) return [];
  const calls = new Map<number, number>();
  pathOfRow.forEach((path, row) => {
    if (path !== NO_PATH && isCallOfPath(trace, row)) calls.set(path, (calls.get(path) ?? 0) + 1);
  });
  return [...calls]
    .flatMap(([path, count]) => {
      const usual = baseline.tree[path]?.calls;
      return usual === undefined || count <= usual.max ? [] : [{ path, calls: count, usual }];
    })
    .sort((a, b) => b.calls - b.usual.p50 - (a.calls - a.usual.p50) || a.path - b.path);
}
