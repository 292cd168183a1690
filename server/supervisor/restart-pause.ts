const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 30_000;
/** One that worked until it died is worth more tries than one that cannot start. */
const LAST_PAUSE_OF_A_WORKING_CHILD_MS = 4000;
/** A child that lived this long has earned a quick restart. */
const HEALTHY_MS = 60_000;

/** How long to wait before a child is started again: doubling, from the start after a long life. `previousMs`: 0 at first. */
export function restartPauseMs(life: { livedMs: number; wasReady: boolean; previousMs: number }): number {
  if (life.livedMs > HEALTHY_MS || life.previousMs === 0) return FIRST_PAUSE_MS;
  return Math.min(life.previousMs * 2, life.wasReady ? LAST_PAUSE_OF_A_WORKING_CHILD_MS : LAST_PAUSE_MS);
}
