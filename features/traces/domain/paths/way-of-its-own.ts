import type { FoldedTrace } from "./fold-trace";
import { quantileOf } from "./quantiles";
import { releasesOf } from "./releases";
import { fisherMoreIn } from "./statistics";

/** A sample whose durations fall into two kinds, each by duration. */
export type TwoKinds = { quick: FoldedTrace[]; slow: FoldedTrace[]; untilUs: number; all: readonly FoldedTrace[] };

export const MAX_P_VALUE = 0.01;
/** Steps of the longer way are in so many of its requests, and in so few of the others. */
const IN_MOST = 0.9;
const IN_FEW = 0.1;
/** So much of what the longer way takes more is time of those steps: what takes longer in steps of both is trouble. */
const EXPLAINED_SHARE = 0.8;
/** A step called more often is a loop, which is told whoever has it. */
const MOST_CALLS = 4;
/** Fewer requests say nothing of what their way usually takes. */
const LEAST_COUNT = 5;
const LEAST_SHARE = 0.1;
/** Trouble begins and ends: what is this seldom must have been seen at all times of so long. */
const OFTEN_SHARE = 0.2;
const LONG_US = 6 * 3_600_000_000;

/**
 * Whether the slow ones of a sample go a way of their own, as requests that miss a cache do: they have steps the others do
 * not have, these take the time, nothing fails, and no release or time of the day has more of them. Without times further
 * apart than six hours trouble that comes and goes looks alike: then they must be one in five.
 */
export function isOwnWay({ quick, slow, untilUs, all }: TwoKinds): boolean {
  const share = slow.length / Math.max(1, all.length);
  if (slow.length < LEAST_COUNT || share < LEAST_SHARE) return false;
  if (share < OFTEN_SHARE && spanOf(all) < LONG_US) return false;
  if (slow.filter(({ errorSpanCount }) => errorSpanCount > 0).length > IN_FEW * slow.length) return false;
  if (cameLater(all, untilUs) || cameWithRelease(all, untilUs)) return false;
  const own = ownSteps({ quick, slow });
  const moreUs =
    medianOf(slow.map(({ durationUs }) => durationUs)) - medianOf(quick.map(({ durationUs }) => durationUs));
  const explainedUs = medianOf(
    slow.map(({ paths }) => paths.reduce((sum, { path, onPathUs }) => sum + (own.has(path) ? onPathUs : 0), 0)),
  );
  return own.size > 0 && explainedUs >= EXPLAINED_SHARE * moreUs;
}

/** Steps that most of the slow and few of the quick have, and that are no loops. */
export function ownSteps({ quick, slow }: Pick<TwoKinds, "quick" | "slow">): Set<number> {
  const inQuick = countPaths(quick);
  const isLoop = new Set(
    slow.flatMap(({ paths }) => paths.flatMap(({ path, calls }) => (calls > MOST_CALLS ? path : []))),
  );
  const own = [...countPaths(slow)].filter(
    ([path, count]) =>
      count >= IN_MOST * slow.length && (inQuick.get(path) ?? 0) <= IN_FEW * quick.length && !isLoop.has(path),
  );
  return new Set(own.map(([path]) => path));
}

function countPaths(traces: readonly FoldedTrace[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { paths } of traces) for (const { path } of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

/** Whether the second half of the time has more slow ones than chance would put there. */
function cameLater(traces: readonly FoldedTrace[], untilUs: number): boolean {
  const byStart = [...traces].sort((a, b) => a.startUs - b.startUs);
  const half = Math.ceil(byStart.length / 2);
  const of = (some: readonly FoldedTrace[]) => ({
    hits: some.filter(({ durationUs }) => durationUs > untilUs).length,
    of: some.length,
  });
  return fisherMoreIn(of(byStart.slice(half)), of(byStart.slice(0, half))) <= MAX_P_VALUE;
}

/** Whether a release has more slow ones than chance would give it. */
export function cameWithRelease(traces: readonly FoldedTrace[], untilUs: number): boolean {
  const releases = releasesOf(traces);
  const countOf = (some: readonly FoldedTrace[]) => ({
    hits: some.filter(({ durationUs }) => durationUs > untilUs).length,
    of: some.length,
  });
  return releases.some((release) => {
    const others = releases.filter((other) => other !== release).flatMap((other) => other.traces);
    return others.length > 0 && fisherMoreIn(countOf(release.traces), countOf(others)) <= MAX_P_VALUE;
  });
}

function spanOf(traces: readonly FoldedTrace[]): number {
  const starts = traces.map(({ startUs }) => startUs);
  return starts.length === 0 ? 0 : Math.max(...starts) - Math.min(...starts);
}

const medianOf = (values: readonly number[]): number =>
  quantileOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );
