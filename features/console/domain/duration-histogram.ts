/** Bars of a histogram; enough to show two humps in 96 px. */
const BINS = 24;
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

/** How many durations fall into each of the equal parts of the (logarithmic) axis. */
export function durationHistogram(durationsUs: readonly number[], axis: DurationAxis): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (const durationUs of durationsUs) {
    const bin = Math.min(BINS - 1, Math.floor(placeOnAxis(durationUs, axis) * BINS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
