/** The change was looked for in parts of another length: it is at most so many shown parts away. */
const NEAR_PARTS = 2;

/**
 * The first part that is slow, near the part in which a change was found, as a chart of the parts shows it: by the median of
 * each (null without a request), nearer to what is now than to what is usual. Undefined where none of them is.
 */
export function slowFromPart({
  medians,
  foundAt,
  usualUs,
  nowUs,
}: {
  medians: readonly (number | null)[];
  foundAt: number;
  usualUs: number;
  nowUs: number;
}): number | undefined {
  // Durations differ by factors: the middle between two is their geometric mean.
  const middleUs = Math.sqrt(Math.max(1, usualUs) * nowUs);
  let first: number | undefined;
  for (
    let part = Math.min(foundAt + NEAR_PARTS, medians.length - 1);
    part >= Math.max(0, foundAt - NEAR_PARTS);
    part -= 1
  ) {
    const medianUs = medians[part] ?? null;
    if (medianUs === null) continue;
    if (medianUs >= middleUs) first = part;
    else if (first !== undefined) break;
  }
  return first;
}
