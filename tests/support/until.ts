import { setTimeout as delay } from "node:timers/promises";

const PAUSE_MS = 30;

/** Waits for a condition; fails with `what` when it does not come true in time. A look that throws is not true yet. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (
    !(await Promise.resolve()
      .then(isTrue)
      .catch(() => false))
  ) {
    if (performance.now() > endMs) throw new Error(`This did not happen in ${timeoutMs / 1000} s: ${what}`);
    await delay(PAUSE_MS);
  }
}

/** Looks until what is seen is as wanted, and gives it; fails with the last one seen, or with what the look throws. */
export async function untilSeen<T>(
  look: () => T | Promise<T>,
  isWanted: (seen: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (performance.now() > endMs)
      throw new Error(`Not seen in ${timeoutMs / 1000} s; at last: ${JSON.stringify(seen)}`);
    await delay(PAUSE_MS);
  }
}
