type Usual = { p20Ms: number; medianMs: number; p80Ms: number };

/** Shares of one axis, 0 to 1: the time so far beside the range most runs took and their middle. */
export type ElapsedBullet = { now: number; from: number; to: number; median: number };

/** Room behind the usual, so that a run that takes longer is seen to. */
const ROOM = 1.4;

/** The axis ends a little behind the usual range, or where the run is, when that is farther. */
export function toElapsedBullet(elapsedMs: number, { p20Ms, medianMs, p80Ms }: Usual): ElapsedBullet {
  const endMs = Math.max(1, p80Ms * ROOM, elapsedMs);
  const share = (ms: number) => Math.min(1, Math.max(0, ms / endMs));
  return { now: share(elapsedMs), from: share(p20Ms), to: share(p80Ms), median: share(medianMs) };
}
