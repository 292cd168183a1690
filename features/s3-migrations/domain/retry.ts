import type { ErrorClass } from "./states";

/** What a failed attempt means for the object and for the whole migration. */
export type Verdict =
  /** Try again at once, a few times, before anything is written down. */
  | "retry_now"
  /** Leave it waiting; the chunk comes back later. */
  | "retry_later"
  /** This object needs a person; the others go on. */
  | "give_up"
  /** Every object would fail the same way: stop the whole migration with one alert. */
  | "stop_migration";

/** Tries within one visit of the chunk; the later ones come after the chunk's pause. */
export const TRIES_PER_VISIT = 3;

/**
 * Decides by class, never by words. Throttling never uses up attempts: the destination asked us to be slower, not to
 * stop. `tries` counts this visit, `attempts` all visits before it.
 */
export function verdictOf(
  errorClass: ErrorClass,
  { tries, attempts, maxAttempts }: { tries: number; attempts: number; maxAttempts: number },
): Verdict {
  switch (errorClass) {
    case "auth":
    case "config":
    case "db":
      return "stop_migration";
    case "throttled":
      return tries < TRIES_PER_VISIT ? "retry_now" : "retry_later";
    case "transient":
    case "integrity":
      if (tries < TRIES_PER_VISIT) return "retry_now";
      return attempts + 1 < maxAttempts ? "retry_later" : "give_up";
    default:
      return "give_up";
  }
}

/** Full-jitter backoff (AWS Architecture Blog, 2015): anywhere from 0 to the exponential cap. `random` in [0, 1). */
export function backoffMs(
  attempt: number,
  random: number,
  { baseMs = 200, capMs = 20_000 }: { baseMs?: number; capMs?: number } = {},
): number {
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20)));
}
