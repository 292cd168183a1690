/** How many traces of one operation fell into a bin of durations in one of equal parts of a stretch of time. */
export type TimedBin = { part: number; durationBin: number; count: number };

/** Fewer on a side are chance. */
const LEAST_COUNT = 20;
/** Squared t of the best split: the best of many is found by chance more easily than one, hence more than the usual 4. */
const LEAST_T2 = 25;
/** In bins of the logarithmic axis; eight make a factor of ten, so this is a factor of 1.22. */
const LEAST_SHIFT_BINS = 0.7;
/** The newest part of what came after must still be slow: what has recovered is no news. */
const NEWEST_SHARE = 0.25;

type Sums = { count: number; sum: number; squares: number };
const NONE: Sums = { count: 0, sum: 0, squares: 0 };

/**
 * The part from which on an operation takes longer than before, and still does; undefined when nothing changed, when it
 * became faster, or when there are too few traces to tell. The split that explains most of the variance of the
 * logarithm of durations, so that one very slow trace decides nothing.
 */
export function findSlowdown(bins: readonly TimedBin[]): { sincePart: number } | undefined {
  const parts = sumParts(bins);
  const all = parts.reduce((sums, [, part]) => add(sums, part), NONE);
  let best: { sincePart: number; t2: number; before: Sums } | undefined;
  let before = NONE;
  for (const [at, [, part]] of parts.entries()) {
    before = add(before, part);
    const next = parts[at + 1];
    if (next === undefined) break;
    const t2 = squaredT(before, subtract(all, before));
    if (t2 > (best?.t2 ?? 0)) best = { sincePart: next[0], t2, before };
  }
  if (best === undefined || best.t2 < LEAST_T2) return undefined;
  const { sincePart } = best;
  const usual = meanOf(best.before);
  const now = meanOf(subtract(all, best.before));
  if (now - usual < LEAST_SHIFT_BINS || meanOfNewest(parts, sincePart) < (usual + now) / 2) return undefined;
  return { sincePart };
}

/** 0 for a split that cannot tell: too few on a side, or the later side no slower. */
function squaredT(before: Sums, after: Sums): number {
  const count = before.count + after.count;
  if (Math.min(before.count, after.count) < LEAST_COUNT || meanOf(after) <= meanOf(before)) return 0;
  const within = before.squares - before.sum * meanOf(before) + after.squares - after.sum * meanOf(after);
  // Durations all of one bin have no variance at all; a bin's own width is the least there is.
  const variance = Math.max(within / (count - 2), 1 / 12);
  return ((before.count * after.count) / count) * ((meanOf(after) - meanOf(before)) ** 2 / variance);
}

function meanOfNewest(parts: readonly [number, Sums][], sincePart: number): number {
  const after = parts.filter(([part]) => part >= sincePart);
  const wanted = after.reduce((count, [, part]) => count + part.count, 0) * NEWEST_SHARE;
  let newest = NONE;
  for (const [, part] of after.toReversed()) {
    newest = add(newest, part);
    if (newest.count >= wanted) break;
  }
  return meanOf(newest);
}

function sumParts(bins: readonly TimedBin[]): [number, Sums][] {
  const parts = new Map<number, Sums>();
  for (const { part, durationBin, count } of bins) {
    const sums = { count, sum: durationBin * count, squares: durationBin ** 2 * count };
    parts.set(part, add(parts.get(part) ?? NONE, sums));
  }
  return [...parts].sort(([a], [b]) => a - b);
}

const add = (a: Sums, b: Sums): Sums => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});
const subtract = (a: Sums, b: Sums): Sums => ({
  count: a.count - b.count,
  sum: a.sum - b.sum,
  squares: a.squares - b.squares,
});
const meanOf = ({ count, sum }: Sums): number => (count === 0 ? 0 : sum / count);
