import type { DurationHistogram } from "../facts/facts-schema";

export type MiniHistogram = {
  /** x, width and height as shares of the box. */
  bars: { x: number; width: number; height: number }[];
  /** Before, as a stepped outline of shares; empty without one. */
  outline: { x: number; height: number }[];
};

/** A distribution small enough for a table row, beside the one before. Both are shares of their own requests. */
export function toMiniHistogram(now: DurationHistogram, before: DurationHistogram): MiniHistogram {
  const shares = (bins: DurationHistogram) => {
    const count = bins.reduce((sum, bin) => sum + bin.count, 0);
    return bins.map((bin) => (count === 0 ? 0 : bin.count / count));
  };
  const [nowShares, beforeShares] = [shares(now), shares(before)];
  const highest = Math.max(1e-9, ...nowShares, ...beforeShares);
  const width = 1 / Math.max(1, now.length, before.length);
  return {
    bars: nowShares.flatMap((share, at) => (share === 0 ? [] : [{ x: at * width, width, height: share / highest }])),
    outline: beforeShares.every((share) => share === 0)
      ? []
      : beforeShares.flatMap((share, at) => [
          { x: at * width, height: share / highest },
          { x: (at + 1) * width, height: share / highest },
        ]),
  };
}

/** Where a duration stands on the axis of a histogram, 0 to 1; undefined when it is not on it. */
export function placeOnHistogram(bins: DurationHistogram, us: number): number | undefined {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined || us < first.fromUs || us > last.toUs) return undefined;
  const low = Math.log10(Math.max(1, first.fromUs));
  return (Math.log10(Math.max(1, us)) - low) / Math.max(1e-9, Math.log10(last.toUs) - low);
}
