import type { LiveCheck } from "./annotations/step-rules";

export const CHECK_VERDICTS = ["true", "false", "unknown"] as const;
export type CheckVerdict = (typeof CHECK_VERDICTS)[number];

/** The newest sample of a check, kept between samples. Times are milliseconds since 1970. */
export type CheckRecord = {
  verdict: CheckVerdict;
  /** Since when every sample was true; null while the newest was not. */
  trueSinceMs: number | null;
  /** Since when it is asked for the step as it stands. */
  firstMs: number;
  sampledMs: number;
};

/** Since when a step's check counts: it was begun, or its turn came, or somebody last changed it. */
export type CheckEpisode = { sinceMs: number };

/** Samples further apart than this many intervals say nothing of the time between them. */
const MAX_GAP_INTERVALS = 3;

/**
 * The record after one more sample. What was true before the step began counts for nothing, an interval without samples
 * begins the hold again, and unknown is never true.
 */
export function recordSample(
  check: Pick<LiveCheck, "everyMs">,
  before: CheckRecord | undefined,
  { verdict, atMs, sinceMs }: { verdict: CheckVerdict; atMs: number } & CheckEpisode,
): CheckRecord {
  const isSame = before !== undefined && before.firstMs >= sinceMs;
  const isGap = before !== undefined && atMs - before.sampledMs > check.everyMs * MAX_GAP_INTERVALS;
  const held = isSame && !isGap && before.verdict === "true" ? before.trueSinceMs : null;
  return {
    verdict,
    trueSinceMs: verdict === "true" ? (held ?? atMs) : null,
    firstMs: isSame ? before.firstMs : atMs,
    sampledMs: atMs,
  };
}

/** True once it was true for as long as its author asked, by samples that were really taken. */
export function hasHeld({ forMs }: Pick<LiveCheck, "forMs">, { trueSinceMs, sampledMs }: CheckRecord): boolean {
  return trueSinceMs !== null && sampledMs - trueSinceMs >= forMs;
}

/** True when a check was asked for longer than its author wanted to wait: from then on people decide. */
export function hasTimedOut({ timeoutMs }: Pick<LiveCheck, "timeoutMs">, { firstMs, sampledMs }: CheckRecord): boolean {
  return sampledMs - firstMs > timeoutMs;
}
