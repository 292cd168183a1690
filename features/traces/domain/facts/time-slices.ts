/** A stretch of time: `fromUs` belongs to it, `toUs` does not. Epoch microseconds. */
export type Stretch = { fromUs: number; toUs: number };

/**
 * A stretch that was read, as the fact table keeps it. `isOutdated`: the source has told of spans since, `false` that it
 * has none, `undefined` that it tells nothing.
 */
export type Slice = Stretch & {
  heldCount: number;
  isSettled: boolean;
  isTruncated: boolean;
  isOutdated: boolean | undefined;
  readAtMs: number;
};

const US_PER_HOUR = 3_600_000_000;
/** A job that starts thousands of traces at once fills a second; a source that is asked for less than this has no end. */
export const LEAST_SLICE_US = 1000;
export const MOST_SLICE_US = US_PER_HOUR;
/** A gap longer than this is read in wider slices first: most of it is likely to be empty. */
export const WIDE_GAP_US = 12 * US_PER_HOUR;

/** What of a window no slice holds, oldest first. Slices may come in any order and reach over the window. */
export function gapsOf(window: Stretch, slices: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = [];
  let atUs = window.fromUs;
  for (const slice of [...slices].sort((a, b) => a.fromUs - b.fromUs)) {
    if (slice.toUs <= atUs) continue;
    if (slice.fromUs >= window.toUs) break;
    if (slice.fromUs > atUs) gaps.push({ fromUs: atUs, toUs: slice.fromUs });
    atUs = Math.max(atUs, slice.toUs);
  }
  if (atUs < window.toUs) gaps.push({ fromUs: atUs, toUs: window.toUs });
  return gaps;
}

/** How much of the window the slices hold, 0 to 1; an empty window is held. */
export function heldShare(window: Stretch, gaps: readonly Stretch[]): number {
  const wholeUs = window.toUs - window.fromUs;
  if (wholeUs <= 0) return 1;
  return 1 - gaps.reduce((sum, gap) => sum + gap.toUs - gap.fromUs, 0) / wholeUs;
}

/** The hours a stretch touches, newest first, by number since the epoch. One hour is what one process reads at a time. */
export function hoursOf({ fromUs, toUs }: Stretch): number[] {
  const hours: number[] = [];
  for (let hour = Math.floor((toUs - 1) / US_PER_HOUR); hour >= Math.floor(fromUs / US_PER_HOUR); hour -= 1) {
    hours.push(hour);
  }
  return hours;
}

/** The part of a stretch within an hour; empty (`toUs <= fromUs`) when it does not touch it. */
export function withinHour({ fromUs, toUs }: Stretch, hour: number): Stretch {
  return { fromUs: Math.max(fromUs, hour * US_PER_HOUR), toUs: Math.min(toUs, (hour + 1) * US_PER_HOUR) };
}

/** The newest part of a gap that is at most `widthUs` wide; a rest below the least width is taken along. */
export function newestPart({ fromUs, toUs }: Stretch, widthUs: number): Stretch {
  const startUs = toUs - Math.max(LEAST_SLICE_US, Math.floor(widthUs));
  return { fromUs: startUs - fromUs < LEAST_SLICE_US ? fromUs : startUs, toUs };
}

/** Aims at this share of what the source gives at once: room for busier stretches, few questions. */
const FILL = 0.5;
const MOST_GROWTH = 4;

/**
 * The width for the next slice, after one of `widthUs` held `count` traces. `undefined` count: too many came to know; a
 * quarter is tried then.
 */
export function nextWidthUs(
  widthUs: number,
  count: number | undefined,
  maxCount: number,
  mostUs: number = MOST_SLICE_US,
): number {
  const factor = count === undefined ? 1 / 4 : Math.min(MOST_GROWTH, (maxCount * FILL) / Math.max(1, count));
  return Math.min(mostUs, Math.max(LEAST_SLICE_US, Math.floor(widthUs * factor)));
}

/** A stretch is looked at again when three times as long has passed since its end as at the last look. */
const LOOK_AGAIN_FACTOR = 3;
/** Spans that come more than a day late are not waited for. */
const LAST_LOOK_MS = 86_400_000;

type Looked = Pick<Slice, "toUs" | "isSettled" | "isOutdated" | "readAtMs">;

/** Whether what was read of a stretch may be out of date by now, and is worth reading again. */
export function isWorthALook(
  { toUs, isSettled, isOutdated, readAtMs }: Looked,
  nowMs: number,
  settleMs: number,
): boolean {
  if (!isSettled) return true;
  if (isOutdated !== undefined) return isOutdated;
  const lookedAfterMs = Math.max(settleMs, readAtMs - toUs / 1000);
  return lookedAfterMs < LAST_LOOK_MS && nowMs - toUs / 1000 >= LOOK_AGAIN_FACTOR * lookedAfterMs;
}

/**
 * Until when what is held of these stretches is known to be all there was, epoch ms. Where the source tells of every late
 * span that is now; elsewhere, when the stretch was last read.
 */
export function knownUntilMs(slices: readonly Looked[], nowMs: number): number {
  const known = slices.map(({ isSettled, isOutdated, readAtMs }) =>
    isSettled && isOutdated === false ? nowMs : Math.min(nowMs, readAtMs),
  );
  return Math.min(nowMs, ...known);
}
