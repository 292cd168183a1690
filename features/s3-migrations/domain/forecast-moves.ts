import type { CommandVerb } from "./states";

/** What of a sample says how the forecast came about; `eta` is the finish as forecast then. */
export type ForecastSample = {
  at: string;
  state: string;
  objects: number;
  bytes: number;
  objectsPerSecond: number;
  throttledMs: number;
  eta: { earliestAt: string; latestAt: string } | null;
};
type Command = { verb: CommandVerb; actor: string; at: string };
type Total = { objects: number; bytes: number };

/** One forecast of the finish, all in epoch ms. */
export type ForecastPoint = { atMs: number; earliestMs: number; latestMs: number };

/** What moved the finish, and by how much; later is positive. */
export type ForecastMove =
  | { kind: "paused"; byMs: number; fromMs: number; toMs: number; actor: string | null }
  | { kind: "throttled"; byMs: number; fromMs: number; toMs: number }
  /** All that is left: the work goes quicker or slower, or what is left is larger or smaller. */
  | { kind: "pace"; byMs: number; rates: [before: number, now: number]; sizes: [before: number, now: number] };

/** `moves` add up to `byMs`: how far the middle of the range went since the forecast of `sinceMs`. */
export type ForecastStory = { points: ForecastPoint[]; sinceMs: number; byMs: number; moves: ForecastMove[] };

const LOOK_BACK_MS = 3_600_000;
/** Of the usual distance of two samples: a beat that comes late is no pause. */
const GAP_FACTOR = 3;
const LEAST_GAP_MS = 15_000;
/** A command this long before the gap began is what began it: chunks are finished first. */
const BEFORE_GAP_MS = 60_000;
/** Samples before a stretch that say what the pace was. */
const PACE_SAMPLES = 12;
const LEAST_MOVE_MS = 1000;
const MOST_MOVES = 5;

/**
 * Why the forecast is where it is: since the first forecast of the last hour, time that was paused counts whole, time in
 * which a store throttled by the share of the pace it took, and the rest is the pace itself. `undefined` without two
 * forecasts of the phase that runs now.
 */
export function explainForecast(
  samples: readonly ForecastSample[],
  { commands, total }: { commands: readonly Command[]; total: Total },
): ForecastStory | undefined {
  const newest = samples.at(-1);
  if (newest === undefined) return undefined;
  const lastMs = Date.parse(newest.at);
  const told = samples.filter(({ state, eta }) => state === newest.state && eta !== null);
  const first = told.find(({ at }) => Date.parse(at) >= lastMs - LOOK_BACK_MS);
  const last = told.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  const points = told.flatMap(toPoint);
  const byMs = middleOf(last) - middleOf(first);
  const since = samples.slice(samples.indexOf(first), samples.indexOf(last) + 1);
  const known = [...pauses(since, commands), ...throttled(since)]
    .filter((move) => move.byMs >= LEAST_MOVE_MS)
    .sort((a, b) => b.byMs - a.byMs)
    .slice(0, MOST_MOVES)
    .sort((a, b) => a.fromMs - b.fromMs);
  const rest = byMs - known.reduce((sum, move) => sum + move.byMs, 0);
  const pace: ForecastMove = {
    kind: "pace",
    byMs: rest,
    rates: [first.objectsPerSecond, last.objectsPerSecond],
    sizes: [sizeLeft(first, total), sizeLeft(last, total)],
  };
  return { points, sinceMs: Date.parse(first.at), byMs, moves: [...known, pace] };
}

/** How many of the ranges held the moment it came to. */
export function rangesHeld(points: readonly ForecastPoint[], endMs: number): number {
  return points.filter(({ earliestMs, latestMs }) => earliestMs <= endMs && endMs <= latestMs).length;
}

function pauses(
  samples: readonly ForecastSample[],
  commands: readonly Command[],
): (ForecastMove & { kind: "paused" })[] {
  const times = samples.map(({ at }) => Date.parse(at));
  const usualMs = usualDistance(times);
  const longestMs = Math.max(LEAST_GAP_MS, GAP_FACTOR * usualMs);
  return times.slice(1).flatMap((toMs, index) => {
    const fromMs = times[index] ?? toMs;
    if (toMs - fromMs <= longestMs) return [];
    const actor = pausedBy(commands, fromMs, toMs);
    return [{ kind: "paused" as const, byMs: toMs - fromMs - usualMs, fromMs, toMs, actor }];
  });
}

/** Commands come newest first. */
function pausedBy(commands: readonly Command[], fromMs: number, toMs: number): string | null {
  const pause = commands.find(({ verb, at }) => {
    const atMs = Date.parse(at);
    return verb === "pause" && atMs >= fromMs - BEFORE_GAP_MS && atMs <= toMs;
  });
  return pause?.actor ?? null;
}

function throttled(samples: readonly ForecastSample[]): (ForecastMove & { kind: "throttled" })[] {
  const moves: (ForecastMove & { kind: "throttled" })[] = [];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || sample.throttledMs <= before.throttledMs) continue;
    const fromMs = Date.parse(before.at);
    const toMs = Date.parse(sample.at);
    const last = moves.at(-1);
    const paceBefore = median(untroubled(samples, index).map(({ objectsPerSecond }) => objectsPerSecond));
    const lost = paceBefore > 0 ? Math.max(0, 1 - sample.objectsPerSecond / paceBefore) : 0;
    const byMs = (toMs - fromMs) * lost;
    if (last !== undefined && fromMs - last.toMs <= LEAST_GAP_MS) {
      last.toMs = toMs;
      last.byMs += byMs;
    } else {
      moves.push({ kind: "throttled", byMs, fromMs, toMs });
    }
  }
  return moves;
}

/** The samples before `index` in which nothing was added to the time a store asked for. */
function untroubled(samples: readonly ForecastSample[], index: number): ForecastSample[] {
  return samples
    .slice(0, index)
    .filter((sample, at) => at > 0 && sample.throttledMs === samples[at - 1]?.throttledMs)
    .slice(-PACE_SAMPLES);
}

function sizeLeft({ objects, bytes }: ForecastSample, total: Total): number {
  return total.objects > objects ? Math.max(0, total.bytes - bytes) / (total.objects - objects) : 0;
}

function toPoint({ at, eta }: ForecastSample): ForecastPoint[] {
  if (eta === null) return [];
  return [{ atMs: Date.parse(at), earliestMs: Date.parse(eta.earliestAt), latestMs: Date.parse(eta.latestAt) }];
}

function middleOf({ eta }: ForecastSample): number {
  return eta === null ? 0 : (Date.parse(eta.earliestAt) + Date.parse(eta.latestAt)) / 2;
}

function usualDistance(times: readonly number[]): number {
  return median(times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
