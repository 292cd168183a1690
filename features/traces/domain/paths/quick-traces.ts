import { beganLater } from "./began-later";
import type { FoldedTrace } from "./fold-trace";
import { quantileOf } from "./quantiles";
import { releasesOf } from "./releases";
import { mannWhitney } from "./statistics";
import { cameWithRelease, isOwnWay, MAX_P_VALUE, ownSteps, type TwoKinds } from "./way-of-its-own";

/** Those of a sample that show what its operation takes when nothing is wrong. */
export type QuickTraces = {
  traces: FoldedTrace[];
  /** Requests that take longer are to be measured by the quick ones. */
  untilUs: number;
  /** Requests of the sample that take longer than that. */
  slowCount: number;
};

/** Fewer quick ones say nothing of what is usual. */
const MIN_QUICK = 5;
const MIN_QUICK_SHARE = 0.15;
const MIN_SLOW = 3;
/** The middle of the slow ones is this many times that of the quick ones, and this much more. */
const APART_FACTOR = 2;
const APART_US = 60_000;
/** Between the slowest of the quick and the quickest of the slow, but for one in ten of each. */
const GAP_FACTOR = 1.3;
/**
 * So much of the spread of the logarithms lies between the two kinds: 64 % of a normal distribution cut in the middle
 * does, 75 % of an even one.
 */
const BETWEEN_SHARE = 0.8;
/** Of many places where it may have begun, the best is taken. */
const MAX_BEGUN_P_VALUE = 0.001;
/** A release that takes this many times what those before it took, and this much more, is slower. */
const RELEASE_FACTOR = 1.3;
const RELEASE_US = 20_000;
const MIN_BEFORE = 10;

/**
 * The quick traces of a sample that holds a regression: those before the release that made all of them slower, or where
 * durations fall into two kinds, of which the slow one began within the sample or came with a release, the quick kind.
 * Undefined where the sample is of one kind, or was of both from the first: that is how the operation is.
 */
export function findQuickTraces(traces: readonly FoldedTrace[]): QuickTraces | undefined {
  return ofTwoKinds(traces) ?? beforeSlowerRelease(traces);
}

function ofTwoKinds(traces: readonly FoldedTrace[]): QuickTraces | undefined {
  const kinds = cutInTwo(traces);
  if (kinds === undefined || isOwnWay({ ...kinds, all: traces })) return undefined;
  const { quick, slow, untilUs } = kinds;
  return isRegression(traces, untilUs) ? { traces: quick, untilUs, slowCount: slow.length } : undefined;
}

const isRegression = (traces: readonly FoldedTrace[], untilUs: number): boolean =>
  cameWithRelease(traces, untilUs) ||
  beganLater(
    [...traces].sort((a, b) => a.startUs - b.startUs).map(({ durationUs }) => durationUs > untilUs),
    MAX_BEGUN_P_VALUE,
  );

/** Both kinds of a sample that had them from the first, by duration; undefined where it is of one, or the slow one is trouble. */
export function findTwoWays(traces: readonly FoldedTrace[]): Omit<TwoKinds, "all"> | undefined {
  const kinds = cutInTwo(traces);
  return kinds === undefined || isRegression(traces, kinds.untilUs) ? undefined : kinds;
}

/** Requests of a sample that go a way of their own, as those do that miss a cache: longer, and nothing is wrong. */
export type LongerWay = {
  traces: FoldedTrace[];
  /** Those that go the shorter one. */
  others: FoldedTrace[];
  untilUs: number;
  /** Paths that tell it: a request without any of them went the shorter way, however long it took. */
  steps: number[];
};

/** The longer way of an operation that has two; undefined where it has one, or where what is slow is trouble. */
export function findLongerWay(traces: readonly FoldedTrace[]): LongerWay | undefined {
  const kinds = cutInTwo(traces);
  if (kinds === undefined || !isOwnWay({ ...kinds, all: traces })) return undefined;
  const { quick, slow, untilUs } = kinds;
  return { traces: slow, others: quick, untilUs, steps: [...ownSteps(kinds)] };
}

/** Both kinds of a sample whose durations fall into two. */
function cutInTwo(traces: readonly FoldedTrace[]): Omit<TwoKinds, "all"> | undefined {
  const sorted = [...traces].sort((a, b) => a.durationUs - b.durationUs);
  const durations = sorted.map(({ durationUs }) => durationUs);
  const count = bestCut(durations);
  const [quick, slow] = [durations.slice(0, count), durations.slice(count)];
  if (quick.length < Math.max(MIN_QUICK, MIN_QUICK_SHARE * traces.length) || slow.length < MIN_SLOW) return undefined;
  const [quickUs, slowUs] = [quantileOf(quick, 0.5), quantileOf(slow, 0.5)];
  if (slowUs < APART_FACTOR * quickUs || slowUs - quickUs < APART_US) return undefined;
  if (quantileOf(slow, 0.1) < GAP_FACTOR * quantileOf(quick, 0.9)) return undefined;
  const untilUs = Math.sqrt((quick.at(-1) ?? 0) * (slow[0] ?? 0));
  return { quick: sorted.slice(0, count), slow: sorted.slice(count), untilUs };
}

/** How many of the ascending durations are of the quick kind, so that most of the spread is between the kinds; 0 for one kind. */
function bestCut(durations: readonly number[]): number {
  const logs = durations.map((us) => Math.log(1 + us));
  const all = logs.length;
  const mean = logs.reduce((sum, log) => sum + log, 0) / all;
  const spread = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  let best = { count: 0, between: BETWEEN_SHARE * spread };
  let sum = 0;
  for (let count = 1; count < all; count += 1) {
    sum += logs[count - 1] ?? 0;
    const between = (sum - mean * count) ** 2 * (1 / count + 1 / (all - count));
    if (between > best.between) best = { count, between };
  }
  return best.count;
}

/** The requests before the first release that is slower than those before it. */
function beforeSlowerRelease(traces: readonly FoldedTrace[]): QuickTraces | undefined {
  const releases = releasesOf(traces);
  const earlier: FoldedTrace[] = [];
  for (const release of releases) {
    const [before, after] = [earlier, release.traces].map((some) =>
      some.map(({ durationUs }) => durationUs).sort(byUs),
    );
    if (before !== undefined && after !== undefined && isSlower(after, before)) {
      const untilUs = quantileOf(before, 0.95);
      return {
        traces: earlier,
        untilUs,
        slowCount: traces.filter(({ durationUs }) => durationUs > untilUs).length,
      };
    }
    earlier.push(...release.traces);
  }
  return undefined;
}

const byUs = (a: number, b: number) => a - b;

/** Whether durations, both ascending, are longer as a whole than those before them, by more than chance. */
export function isSlower(after: readonly number[], before: readonly number[]): boolean {
  if (before.length < MIN_BEFORE) return false;
  const [afterUs, beforeUs] = [quantileOf(after, 0.5), quantileOf(before, 0.5)];
  if (afterUs < RELEASE_FACTOR * beforeUs || afterUs - beforeUs < RELEASE_US) return false;
  return mannWhitney(after, before) <= MAX_P_VALUE;
}
