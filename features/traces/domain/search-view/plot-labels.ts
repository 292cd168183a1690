/** Baselines closer than this run into each other. */
const LINE_PX = 12;

/** Moves each name down from the one before it where they are too close. */
export function stepAside(ys: readonly number[]): number[] {
  let below = Number.NEGATIVE_INFINITY;
  return ys.map((y) => {
    below = Math.max(y, below + LINE_PX);
    return below;
  });
}

/** The baseline nearest to the wanted one that lies over none of those taken, and whole below the top. */
export function nearestFree(wantedY: number, taken: readonly number[]): number {
  const isFree = (y: number) => y >= LINE_PX - 2 && taken.every((other) => Math.abs(other - y) >= LINE_PX);
  return (
    [wantedY, ...taken.flatMap((y) => [y - LINE_PX, y + LINE_PX])]
      .sort((a, b) => Math.abs(a - wantedY) - Math.abs(b - wantedY))
      .find(isFree) ?? wantedY
  );
}
