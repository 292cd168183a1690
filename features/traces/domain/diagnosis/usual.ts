import { type Baseline, MIN_USUAL_TRACES, matchPaths, type PathTimes } from "../paths/baseline";
import type { PathUsual } from "../paths/path-schema";
import { NO_PATH } from "../paths/path-tree";
import { normaliseName } from "../paths/step-name";
import { nameOf, serviceOf } from "../span-text";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import type { Standing } from "./finding";
import { toPace } from "./pace";
import { FAR_FACTOR, FAR_MARGIN_US, UNUSUAL_FACTOR, UNUSUAL_MARGIN_US } from "./thresholds";
import type { Timeline } from "./timeline";

/** What is measured of a step: how long its calls ran in a trace, side by side counted once or each; one call; or its own work. */
export type Measure = "busyUs" | "totalUs" | "callUs" | "ownUs" | "afterParentUs";

export type UsualOfStep = { p50Us: number; p95Us: number; count: number };

/** What history says of a step: nothing (no history at all), that it is new, or what it usually takes. */
export type History =
  | { state: "none" }
  | { state: "new" }
  | {
      state: "known";
      usual: UsualOfStep;
      p75Us: number;
      /** The 95th percentile without what stands apart from all the rest. */
      mostUs: number;
      calls: PathUsual["calls"];
      /** How many times slower than usual the rest of the trace ran. */
      pace: number;
    };

export type Usual = {
  has: boolean;
  of: (row: number, measure: Measure) => History;
  /** The step of a row, as a number; -1 for one that history does not know. */
  pathOf: (row: number) => number;
  /** How many times its usual each step takes where the whole trace is slow in proportion; 1 where it is not. */
  sharedPace: () => number;
  /** How the request compares with others; undefined without history. */
  standing: Standing | undefined;
  /** Where each of the sampled requests that were as slow spent its time; undefined where there is no such count. */
  slowTraces: readonly PathTimes[] | undefined;
  /** Whether all of the sample was slow, so that the day before tells what is usual. */
  isMeasuredByDay: boolean;
  /** How much longer than usual the way to its end took, 0 for none; undefined where nobody knows that. */
  excessUs: number | undefined;
};

/** Steps in fewer of the traces have no usual. */
const MIN_PRESENT_SHARE = 0.1;
/** Slow requests that are fewer are trouble of a few, though some are there at any time. */
const OFTEN_SHARE = 0.07;
/** Steps in fewer still are as good as new: whoever sampled met somebody else's trouble. */
const NEW_SHARE = 0.05;

/** A trace that takes no longer than this times the median is not slow because of what is new in it. */
const SLOWER_FACTOR = 1.2;
/** A median is at most about this many times the fifth percentile, for requests that vary by a third. */
const PLAIN_FACTOR = 1.8;
/** The same for what is rare rather than new: a miss of a cache must not be called trouble each time. */
const MUCH_SLOWER_FACTOR = 1.5;

/**
 * Looks up what is usual of a trace's steps, on the way to the end of `last` (the root, or work left to a queue). Without
 * a baseline of at least five traces nothing is.
 */
export function toUsual(
  trace: TraceSkeleton,
  timeline: Timeline,
  whole: Baseline | undefined,
): (last: number) => Usual {
  if (whole === undefined || whole.traceCount < MIN_USUAL_TRACES)
    return () => ({
      has: false,
      of: () => ({ state: "none" }),
      pathOf: () => NO_PATH,
      sharedPace: () => 1,
      standing: undefined,
      slowTraces: undefined,
      isMeasuredByDay: false,
      excessUs: undefined,
    });
  const rootUs = timeline.count === 0 ? 0 : (timeline.endUs[0] ?? 0) - (timeline.startUs[0] ?? 0);
  const hasStep = stepsIn(trace, whole);
  const baseline = healthyUsual(whole, rootUs, hasStep);
  const { ways } = baseline;
  const otherSteps = ways !== undefined && rootUs > ways.untilUs ? ways.slow.tree : undefined;
  const pathOfRow = matchPaths(trace, baseline, { isOrphanAnywhere: true, instead: bareSteps(trace, baseline) });
  const isAdrift = rowsAdrift(trace, timeline);
  const pace = toPace(trace, baseline, pathOfRow);
  // Of a part nobody knows how it compares with whole requests.
  const isPart = timeline.count > 0 && hasFlag(trace, timeline.rows[0] ?? 0, "orphan");
  const standing = isPart ? undefined : standingOf(whole, rootUs, hasStep);
  const stepOf = (row: number) => {
    const path = pathOfRow[row] ?? NO_PATH;
    return path === NO_PATH ? undefined : baseline.tree[path];
  };
  return (last) => {
    const isLate = last > 0 && isLateHere({ timeline, last, step: stepOf(timeline.rows[last] ?? 0) }, baseline);
    // Where trouble is half of what was sampled, the median is trouble's too; the quickest twentieth never is.
    const plainUs = Math.min(baseline.durationUs.p50Us, baseline.durationUs.p5Us * PLAIN_FACTOR);
    const isSlower = (factor: number) => isLate || rootUs > plainUs * factor;
    const of = (row: number, measure: Measure) =>
      historyOf(stepOf(row), {
        measure,
        traceCount: baseline.traceCount,
        isAdrift: isAdrift[row] === 1,
        isSlower,
        pace: () => pace.at(row),
        isOften: otherSteps !== undefined && (ways?.slowCount ?? 0) >= OFTEN_SHARE * baseline.traceCount,
        otherWayUs: otherSteps?.[pathOfRow[row] ?? NO_PATH]?.spread?.[measure].p75Us ?? 0,
      });
    // What most requests take at times is no news, however its steps shared in it.
    const isSlow = rootUs > Math.max(baseline.durationUs.p95Us, plainUs * SLOWER_FACTOR);
    return {
      has: true,
      of,
      pathOf: (row) => pathOfRow[row] ?? NO_PATH,
      sharedPace: () => (isSlow ? pace.shared() : 1),
      standing,
      slowTraces: slowTracesOf(whole, rootUs),
      isMeasuredByDay: whole.quick?.isDayBefore === true && rootUs > whole.quick.untilUs,
      excessUs: last > 0 ? lateUs(timeline, last, of) : standing && Math.max(0, rootUs - standing.typicalUs),
    };
  };
}

/**
 * What a request is measured by: where the sample holds a regression, by what was quick, unless the request was too; where
 * an operation has two ways and nothing is wrong with either, by those that went its own.
 */
export function healthyUsual(baseline: Baseline, durationUs: number, hasStep: (path: number) => boolean): Baseline {
  const { quick, longerWay } = baseline;
  if (longerWay !== undefined && durationUs > longerWay.untilUs)
    return longerWay.steps.some(hasStep) ? longerWay.baseline : longerWay.shorter;
  return quick === undefined || durationUs <= quick.untilUs ? baseline : quick.baseline;
}

/** Whether a trace has a step of a baseline, looked up when first asked: most operations go one way. */
export function stepsIn(trace: TraceSkeleton, baseline: Baseline): (path: number) => boolean {
  let paths: ReadonlySet<number> | undefined;
  return (path) => {
    paths ??= new Set(matchPaths(trace, baseline));
    return paths.has(path);
  };
}

/** A request is slow above this many times its usual: those that vary by a third are so in one of a hundred. */
const SLOW_FACTOR = 1.5;
const SLOW_MARGIN_US = 20_000;
/** Trouble that is in some of the sample has moved its 95th percentile: it excuses this many times the usual. */
const EXCUSED_FACTOR = 3;

function standingOf(whole: Baseline, rootUs: number, hasStep: (path: number) => boolean): Standing {
  const { ways, quick, traceCount } = whole;
  const isOtherWay = ways !== undefined && rootUs > ways.untilUs;
  // Of an operation that always had two ways, each request is compared with those that went its own.
  const durationUs =
    ways === undefined
      ? healthyUsual(whole, rootUs, hasStep).durationUs
      : isOtherWay
        ? ways.slow.durationUs
        : ways.quickUs;
  const typicalUs = durationUs.p50Us;
  const mostUs = Math.max(SLOW_FACTOR * typicalUs, Math.min(durationUs.p95Us, EXCUSED_FACTOR * typicalUs));
  const { longerWay } = whole;
  const isLonger = longerWay !== undefined && rootUs > longerWay.untilUs && longerWay.steps.some(hasStep);
  const wayCount = isLonger ? longerWay.baseline.traceCount : undefined;
  const isMeasuredByQuick = quick !== undefined && rootUs > quick.untilUs;
  return {
    typicalUs,
    isSlow: rootUs > mostUs && rootUs - typicalUs > SLOW_MARGIN_US,
    traceCount,
    ...(isMeasuredByQuick ? { slowCount: quick.slowCount } : {}),
    ...(isOtherWay ? { slowCount: ways.slowCount, quickUs: ways.quickUs.p50Us } : {}),
    ...(wayCount === undefined ? {} : { wayCount }),
    sinceUs: whole.sinceUs,
    ...(whole.before === undefined ? {} : { dayBefore: whole.before }),
  };
}

function slowTracesOf({ ways, quick }: Baseline, rootUs: number): readonly PathTimes[] | undefined {
  if (ways !== undefined && rootUs > ways.untilUs) return ways.slowTraces;
  return quick !== undefined && rootUs > quick.untilUs ? quick.slowTraces : undefined;
}

/**
 * For spans that came without the attributes which tell their step: the usual step of their name in the same place. Some
 * instrumentations lose attributes now and then, and what is bare is neither new nor rare.
 */
function bareSteps(trace: TraceSkeleton, { tree, traceCount }: Baseline) {
  const byName = new Map<string, number>();
  const presentIn = (path: number) => tree[path]?.presentIn ?? 0;
  for (const [path, { parent, service, name }] of tree.entries()) {
    const key = `${parent}\0${service}\0${name}`;
    if (presentIn(path) > presentIn(byName.get(key) ?? NO_PATH)) byName.set(key, path);
  }
  return (row: number, parent: number, path: number): number => {
    const isBare = trace.detailIndex[row] === 0 && trace.waitIndex[row] === 0;
    if (!isBare || presentIn(path) >= MIN_PRESENT_SHARE * traceCount) return path;
    return byName.get(`${parent}\0${serviceOf(trace, row)}\0${normaliseName(nameOf(trace, row))}`) ?? path;
  };
}

type Step = Baseline["tree"][number];
type Ask = {
  measure: Measure;
  traceCount: number;
  isAdrift: boolean;
  isSlower: (factor: number) => boolean;
  pace: () => number;
  /** The third quartile of the step in requests that took the slow one of two ways, for one that took it too; else 0. */
  otherWayUs: number;
  /** Whether so many requests go that way that what they take is not trouble of a few. */
  isOften: boolean;
};

function historyOf(
  step: Step | undefined,
  { measure, traceCount, isAdrift, isSlower, pace, otherWayUs, isOften }: Ask,
): History {
  const presentShare = (step?.presentIn ?? 0) / traceCount;
  // What lies below a lost span may be usual elsewhere; that it is not known here says nothing.
  if (step === undefined || presentShare === 0) return { state: !isAdrift && isSlower(SLOWER_FACTOR) ? "new" : "none" };
  if (presentShare < MIN_PRESENT_SHARE && step.spread?.isOld)
    return known(step, step.spread[measure], { pace, otherWayUs, isOften });
  // A step of few traces is a branch, or somebody else's trouble: what it took there is no measure.
  if (presentShare < NEW_SHARE) return { state: isSlower(MUCH_SLOWER_FACTOR) ? "new" : "none" };
  const spread = step.spread?.[measure];
  if (presentShare < MIN_PRESENT_SHARE || spread === undefined) return { state: "none" };
  return known(step, spread, { pace, otherWayUs, isOften });
}

/** Where requests go one of two ways, what is far above the quartile of both may be usual of the one it went. */
function known(
  { calls, presentIn }: Step,
  { p50Us, p75Us, p95Us, mostUs }: Record<"p50Us" | "p75Us" | "p95Us" | "mostUs", number>,
  { pace, otherWayUs, isOften }: Pick<Ask, "pace" | "otherWayUs" | "isOften">,
): History {
  const usual = { p50Us, p95Us, count: presentIn };
  return {
    state: "known",
    usual,
    p75Us: Math.max(p75Us, otherWayUs),
    mostUs: isOften ? p95Us : mostUs,
    calls,
    pace: pace(),
  };
}

type Late = { timeline: Timeline; last: number; step: Step | undefined };

/** Whether work left to a queue is new here, or ended later than it used to. */
function isLateHere({ timeline, last, step }: Late, { traceCount }: Baseline): boolean {
  const { spread } = step ?? {};
  if (step === undefined || spread === undefined || step.presentIn < NEW_SHARE * traceCount) return true;
  const aboveUs = timeline.startUs[timeline.parent[last] ?? 0] ?? 0;
  const afterUs = (timeline.endUs[last] ?? 0) - aboveUs;
  return afterUs > (spread.afterParentUs.p50Us + spread.callUs.p50Us) * SLOWER_FACTOR;
}

/** How much later than usual a node ended, by the usual starts of all above it; undefined where one is not known. */
function lateUs({ endUs, parent, rows }: Timeline, last: number, of: Usual["of"]): number | undefined {
  const call = of(rows[last] ?? 0, "callUs");
  if (call.state !== "known") return undefined;
  let usualUs = call.usual.p50Us;
  for (let node = last; node > 0; node = parent[node] ?? 0) {
    const start = of(rows[node] ?? 0, "afterParentUs");
    if (start.state !== "known") return undefined;
    usualUs += start.usual.p50Us;
  }
  return Math.max(0, (endUs[last] ?? 0) - usualUs);
}

/** 1 for rows below an orphan: their path lacks steps. */
function rowsAdrift(trace: TraceSkeleton, { orphans }: Timeline): Uint8Array {
  const isAdrift = new Uint8Array(trace.spanCount);
  for (const orphan of orphans) isAdrift.fill(1, orphan, trace.subtreeEnd[orphan] ?? orphan + 1);
  return isAdrift;
}

/** Whether a step takes far more than it used to, and than the rest of its trace; undefined when nothing is known. */
export function isUnusual(measuredUs: number, history: History): boolean | undefined {
  if (history.state === "none") return undefined;
  if (history.state === "new") return true;
  const { mostUs } = history;
  const valueUs = measuredUs / history.pace;
  const isBeyondMost = valueUs > Math.max(mostUs * UNUSUAL_FACTOR, mostUs + UNUSUAL_MARGIN_US);
  return isBeyondMost || valueUs > Math.max(history.p75Us * FAR_FACTOR, history.p75Us + FAR_MARGIN_US);
}

/** The same, whatever the pace of the rest. */
export const isUnusualByItself = (measuredUs: number, history: History): boolean | undefined =>
  isUnusual(measuredUs, history.state === "known" ? { ...history, pace: 1 } : history);
