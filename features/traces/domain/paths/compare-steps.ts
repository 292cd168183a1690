import type { FoldedSample } from "./baseline";
import type { ComparedStep, STEP_STATES } from "./compare-schema";
import type { FoldedPath, FoldedTrace } from "./fold-trace";
import { beyondError } from "./mean-error";
import { orderPaths, sumBelow } from "./path-order";
import type { PathNode } from "./path-tree";
import { adjustForMany, fisherEitherWay, type RankShift, rankTest, roundToSum, tally } from "./statistics";

/** Steps in the answer; the smallest changes beyond are summed. */
export const MAX_STEPS = 1_000;
/** From so many traces a side on, a change must also be beyond chance. */
export const MIN_TRACES_FOR_TESTS = 5;
/** Stricter than the usual 5 %: a step named here is read as the cause. */
const MAX_Q_VALUE = 0.02;
/** A change below this share of the slower side's duration is alike, however surely it is one. */
const MIN_SHARE_OF_WHOLE = 0.01;
/** And below this share of the step's own larger side. */
const MIN_SHARE_OF_STEP = 0.1;

type State = (typeof STEP_STATES)[number];
/** Two groups of traces folded into one tree. */
export type TwoSamples = { nodes: readonly PathNode[]; before: readonly FoldedTrace[]; after: readonly FoldedTrace[] };
export type ComparedSteps = {
  steps: ComparedStep[];
  /** The path of each step, as `nodes` has it. */
  pathOf: readonly number[];
  leftOut: { count: number; changeUs: number };
  /** Mean duration after minus before, whole µs; all `changeUs` and what was left out sum to it. */
  changeUs: number;
};

type SideSums = {
  count: number;
  presentIn: Float64Array;
  calls: Float64Array;
  timeUs: Float64Array;
  ownUs: Float64Array;
};

/**
 * Lines two groups up by path. Means are over all traces of a side, so that a step half the requests have counts half.
 * New and gone by presence (Fisher), grew and fell by own work per trace (Mann and Whitney), both at a false-discovery
 * rate of 2 % over all steps and only when the change of the mean is beyond its own error and worth a line; two single traces are judged by size alone.
 */
export function compareSteps({ nodes, before, after }: TwoSamples): ComparedSteps {
  const a = sumSide(nodes, before);
  const b = sumSide(nodes, after);
  const means = nodes.map((_, path) => mean(b.ownUs, path, b.count) - mean(a.ownUs, path, a.count));
  const changes = roundToSum(means);
  const below = sumBelow(nodes, changes);
  const judged = judge({ nodes, before, after }, a, b, changes);
  const isKept = keepLargest(nodes, a, b, changes);
  const order = orderPaths(nodes, meanStarts(nodes, [...before, ...after]), isKept);
  const indexOf = new Map(order.map((path, index) => [path, index]));
  const kept = new Set(order);
  const left = changes.filter((_, path) => !kept.has(path));
  return {
    steps: order.map((path) => ({
      ...stepOf(nodes[path]),
      parent: indexOf.get(nodes[path]?.parent ?? -1) ?? -1,
      before: sideOf(a, path),
      after: sideOf(b, path),
      changeUs: changes[path] ?? 0,
      changeBelowUs: below[path] ?? 0,
      ...(judged[path] ?? { state: "alike", qValue: null }),
    })),
    pathOf: order,
    leftOut: { count: left.length, changeUs: sum(left) },
    changeUs: sum(changes),
  };
}

function stepOf(node: PathNode | undefined) {
  return { service: node?.service ?? "", name: node?.name ?? "", detail: node?.detail ?? "" };
}

function sumSide(nodes: readonly PathNode[], traces: readonly FoldedTrace[]): SideSums {
  const column = () => new Float64Array(nodes.length);
  const sums = { count: traces.length, presentIn: column(), calls: column(), timeUs: column(), ownUs: column() };
  for (const { paths } of traces) {
    for (const { path, calls, totalUs, onPathUs } of paths) {
      sums.presentIn[path] = (sums.presentIn[path] ?? 0) + 1;
      sums.calls[path] = (sums.calls[path] ?? 0) + calls;
      sums.timeUs[path] = (sums.timeUs[path] ?? 0) + totalUs;
      sums.ownUs[path] = (sums.ownUs[path] ?? 0) + onPathUs;
    }
  }
  return sums;
}

function sideOf(sums: SideSums, path: number): ComparedStep["before"] {
  return {
    presentIn: sums.presentIn[path] ?? 0,
    calls: mean(sums.calls, path, sums.count),
    timeUs: mean(sums.timeUs, path, sums.count),
    ownUs: mean(sums.ownUs, path, sums.count),
  };
}

type Judgement = { state: State; qValue: number | null };

function judge(samples: TwoSamples, a: SideSums, b: SideSums, changes: readonly number[]): Judgement[] {
  const { nodes, before, after } = samples;
  const canTest = a.count >= MIN_TRACES_FOR_TESTS && b.count >= MIN_TRACES_FOR_TESTS;
  const wholeUs = Math.max(sum(a.ownUs) / (a.count || 1), sum(b.ownUs) / (b.count || 1));
  if (!canTest) {
    return nodes.map((_, path) => ({ state: stateOf(a, b, path, changes[path] ?? 0, wholeUs), qValue: null }));
  }
  const beforeUs = ownOfPaths(nodes.length, before);
  const afterUs = ownOfPaths(nodes.length, after);
  const tests = nodes.map((_, path): RankShift & { isTold: boolean } => {
    if (isOneSided(a, b, path)) {
      const hits = (side: SideSums) => ({ hits: side.presentIn[path] ?? 0, of: side.count });
      return { pValue: fisherEitherWay(hits(b), hits(a)), shift: 0, isTold: true };
    }
    const [was, is] = [padded(beforeUs[path], a.count), padded(afterUs[path], b.count)];
    const ranks = rankTest(tally(was, is));
    // A few very long ones move the mean where the ranks tell of all: the figure is told only where both agree.
    const isTold = Math.sign(changes[path] ?? 0) === ranks.shift && beyondError(was, is);
    return { ...ranks, isTold };
  });
  return adjustForMany(tests.map(({ pValue }) => pValue)).map((qValue, path) => {
    const isSure = qValue <= MAX_Q_VALUE && tests[path]?.isTold === true;
    return { state: isSure ? stateOf(a, b, path, changes[path] ?? 0, wholeUs) : "alike", qValue };
  });
}

const isOneSided = (a: SideSums, b: SideSums, path: number): boolean =>
  a.presentIn[path] === 0 || b.presentIn[path] === 0;

function stateOf(a: SideSums, b: SideSums, path: number, changeUs: number, wholeUs: number): State {
  if (a.presentIn[path] === 0) return b.presentIn[path] === 0 ? "alike" : "new";
  if (b.presentIn[path] === 0) return "gone";
  const larger = Math.max(mean(a.ownUs, path, a.count), mean(b.ownUs, path, b.count));
  const isWorthALine =
    Math.abs(changeUs) >= MIN_SHARE_OF_WHOLE * wholeUs && Math.abs(changeUs) >= MIN_SHARE_OF_STEP * larger;
  if (!isWorthALine || changeUs === 0) return "alike";
  return changeUs > 0 ? "grew" : "fell";
}

function ownOfPaths(count: number, traces: readonly FoldedTrace[]): number[][] {
  const own: number[][] = Array.from({ length: count }, () => []);
  for (const { paths } of traces) for (const { path, onPathUs } of paths) own[path]?.push(onPathUs);
  return own;
}

/** Traces without the step spent nothing in it. */
function padded(values: readonly number[] = [], count: number): number[] {
  return [...values, ...new Array<number>(Math.max(0, count - values.length)).fill(0)];
}

/** Tells the paths to list: those with the largest changes or times, and the steps they hang below. */
function keepLargest(nodes: readonly PathNode[], a: SideSums, b: SideSums, changes: readonly number[]) {
  const isSeen = (path: number) => (a.presentIn[path] ?? 0) + (b.presentIn[path] ?? 0) > 0;
  const seen = nodes.map((_, path) => path).filter(isSeen);
  if (seen.length <= MAX_STEPS) return isSeen;
  const weight = (path: number) =>
    Math.abs(changes[path] ?? 0) * 10 + mean(a.timeUs, path, a.count) + mean(b.timeUs, path, b.count);
  const kept = new Set<number>();
  for (const path of seen.sort((x, y) => weight(y) - weight(x) || x - y)) {
    const chain: number[] = [];
    for (let at = path; at >= 0 && !kept.has(at); at = nodes[at]?.parent ?? -1) chain.push(at);
    if (kept.size + chain.length > MAX_STEPS) break;
    for (const at of chain) kept.add(at);
  }
  return (path: number) => kept.has(path);
}

/** Mean start of each path over the traces that have it. */
export function meanStarts(nodes: readonly PathNode[], traces: FoldedSample["traces"]): (path: number) => number {
  const sums = new Float64Array(nodes.length);
  const counts = new Float64Array(nodes.length);
  const add = ({ path, firstStartUs }: FoldedPath) => {
    sums[path] = (sums[path] ?? 0) + firstStartUs;
    counts[path] = (counts[path] ?? 0) + 1;
  };
  for (const { paths } of traces) paths.forEach(add);
  return (path) => mean(sums, path, counts[path] ?? 0);
}

function mean(values: Float64Array, path: number, count: number): number {
  return count === 0 ? 0 : (values[path] ?? 0) / count;
}

function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let at = 0; at < values.length; at += 1) all += values[at] ?? 0;
  return all;
}
