/** Parts of a factor of ten, as the fact table counts them: 16 bars for two decades show two humps in 96 px. */
const BINS_PER_DECADE = 8;
const US_PER_MS = 1000;

/** From and to, whole powers of ten, in µs. */
export type DurationAxis = { fromUs: number; toUs: number };

/** The smallest axis of whole decades that holds every duration, at least two decades wide; from 1 ms for none. */
export function durationAxis(durationsUs: readonly number[]): DurationAxis {
  const shortest = Math.max(
    1,
    durationsUs.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
  );
  const longest = Math.max(
    1,
    durationsUs.reduce((most, each) => Math.max(most, each), 1),
  );
  if (!Number.isFinite(shortest)) return { fromUs: US_PER_MS, toUs: 100 * US_PER_MS };
  const from = Math.floor(Math.log10(shortest));
  const to = Math.max(from + 2, Math.ceil(Math.log10(longest)));
  return { fromUs: 10 ** from, toUs: 10 ** to };
}

/** Where a duration stands on the axis, 0 to 1. */
export function placeOnAxis(durationUs: number, { fromUs, toUs }: DurationAxis): number {
  const place = Math.log(Math.max(1, durationUs) / fromUs) / Math.log(toUs / fromUs);
  return Math.min(1, Math.max(0, place));
}

type Bin = { fromUs: number; count: number };

/** The counts of bins on a logarithmic scale as equal parts of the axis; what lies beyond it counts at its end. */
export function durationBins(histogram: readonly Bin[], { fromUs, toUs }: DurationAxis): number[] {
  const bins = Array.from({ length: Math.round(Math.log10(toUs / fromUs) * BINS_PER_DECADE) }, () => 0);
  for (const bin of histogram) {
    const place = Math.round(Math.log10(Math.max(1, bin.fromUs) / fromUs) * BINS_PER_DECADE);
    const at = Math.min(bins.length - 1, Math.max(0, place));
    bins[at] = (bins[at] ?? 0) + bin.count;
  }
  return bins;
}
