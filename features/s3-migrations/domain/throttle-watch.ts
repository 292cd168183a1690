/** Shorter throttling is every day's business, and concurrency follows it by itself. */
const TOLD_AFTER_MS = 120_000;
/** Without any for this long it is over. */
const OVER_AFTER_MS = 30_000;

/** What is remembered between looks; times in ms. */
export type ThrottleWatch = { throttledMs: number; sinceMs: number; lastMs: number } | undefined;

/** Takes in the sum of throttled time as it is now. */
export function watchThrottle(before: ThrottleWatch, throttledMs: number, nowMs: number): ThrottleWatch {
  if (before === undefined) return { throttledMs, sinceMs: nowMs, lastMs: Number.NEGATIVE_INFINITY };
  if (throttledMs <= before.throttledMs) return before;
  const isNew = nowMs - before.lastMs > OVER_AFTER_MS;
  return { throttledMs, sinceMs: isNew ? nowMs : before.sinceMs, lastMs: nowMs };
}

/** Since when it has been throttled, once that is worth telling. */
export function throttledSince(watch: ThrottleWatch, nowMs: number): number | undefined {
  if (watch === undefined || nowMs - watch.lastMs > OVER_AFTER_MS) return undefined;
  return nowMs - watch.sinceMs >= TOLD_AFTER_MS ? watch.sinceMs : undefined;
}
