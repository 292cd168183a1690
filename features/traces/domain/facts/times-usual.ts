/** From fewer traces of an operation nobody knows what is usual for it. */
export const LEAST_USUAL = 5;

/** "4.2 ×": how many times as long as the median of its operation a trace took; empty where that is not known. */
export function timesUsualText(durationUs: number, usual: { count: number; p50Us: number } | undefined): string {
  if (usual === undefined || usual.count < LEAST_USUAL) return "";
  const times = durationUs / Math.max(1, usual.p50Us);
  return `${times >= 10 ? Math.round(times) : times.toFixed(1)}\u202f×`;
}
