import type { FindingKind } from "./finding";

/**
 * What a cause must save before it is worth a reader's time: both a time and a share of the trace. The time keeps small
 * requests quiet: in a request of 60 ms some query always takes 40 %, and nobody is helped by hearing it. The share
 * keeps long ones quiet about what does not matter to them.
 */
export type Threshold = { savesUs: number; share: number };

type TimedKind = Exclude<FindingKind, "error-origin" | "clock-skew" | "missing-spans">;

export const THRESHOLDS: Record<TimedKind, Threshold> = {
  // A pattern, not a duration: it grows with the data, so it is told early. Sentry tells it from 50 ms on.
  "n-plus-one": { savesUs: 50_000, share: 0.1 },
  // Rails logs, pg_stat and most teams call a query slow somewhere between 100 ms and 1 s.
  "slow-query": { savesUs: 100_000, share: 0.2 },
  // Calls over a network to systems of others take 50 to 150 ms on a good day.
  "slow-external-call": { savesUs: 180_000, share: 0.2 },
  // Only worth the work of making it concurrent when people would notice.
  "sequential-calls": { savesUs: 200_000, share: 0.3 },
  // Against its own siblings, not against a guess: less time is enough.
  straggler: { savesUs: 80_000, share: 0.15 },
  // Work of one's own is what services are for: half of an ordinary request is unaccounted for.
  "unaccounted-time": { savesUs: 200_000, share: 0.25 },
  "heavy-span": { savesUs: 200_000, share: 0.25 },
  // A queue that is polled each second makes some tenths of a second ordinary; below a quarter nobody notices.
  "queue-wait": { savesUs: 400_000, share: 0.25 },
  // Failures are never usual: told as soon as they cost anything that shows.
  retries: { savesUs: 20_000, share: 0.05 },
};

/**
 * With history the guess is not needed: what is far above its own usual matters from here on. A tenth of the trace keeps
 * jitter out; 20 ms keeps out requests so short that nobody looks for a cause.
 */
export const UNUSUAL_THRESHOLD: Threshold = { savesUs: 20_000, share: 0.1 };

/** Workers take jobs up when they are free: a few tens of milliseconds more are one job before this one. */
const UNUSUAL_WAIT: Threshold = { ...UNUSUAL_THRESHOLD, savesUs: 100_000 };

export const unusualThreshold = (kind: TimedKind): Threshold =>
  kind === "queue-wait" ? UNUSUAL_WAIT : UNUSUAL_THRESHOLD;

/** How far above the 95th percentile of its past a step must be: one in twenty is above it on an ordinary day. */
export const UNUSUAL_FACTOR = 1.6;
export const UNUSUAL_MARGIN_US = 15_000;
/**
 * Or how far above its third quartile. Trouble that is in one request of ten has moved the 95th percentile already, not
 * the quartile; a step that only jitters is four times its quartile once in a thousand at most, and one that is either
 * quick or slow has its quartile among the slow ones.
 */
export const FAR_FACTOR = 4;
export const FAR_MARGIN_US = 60_000;

/** From here on a finding is critical rather than a warning: most of the trace, and long enough to lose people. */
export const CRITICAL: Threshold = { savesUs: 500_000, share: 0.5 };

/**
 * A loop of so many calls that would save so much is told although history has it too: nobody means to make hundreds of
 * calls, they come with the data. Below it, what is as usual is left alone.
 */
export const PLAIN_LOOP = { calls: 20, savesUs: 100_000, share: 0.3 } as const;

/** Fewer similar calls than this are no loop. Sentry's number too. */
export const MIN_REPEATED_CALLS = 5;
/** One call with this share of its group's time is a slow call among quick ones, not a loop. */
export const ONE_CALL_SHARE = 0.5;
/** A group with less of its time on the critical path ran side by side; two at a time is still a loop. */
export const SEQUENTIAL_SHARE = 0.45;
/** Fewer calls in a row than this are how programs are written. */
export const MIN_SEQUENTIAL_CALLS = 3;
/** Siblings beside a straggler; with one sibling there is no telling which of the two is odd. */
export const MIN_PARALLEL_SIBLINGS = 2;
/** A straggler takes this many times the median of its siblings. */
export const STRAGGLER_FACTOR = 2;
/** Clocks of one data centre agree to a millisecond; less is not worth a word. */
export const SKEW_WARNING_US = 5_000;
