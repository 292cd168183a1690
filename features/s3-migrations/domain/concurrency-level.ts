/** Why fewer objects were let into flight. */
export const LEVEL_REASONS = ["throttled", "latency"] as const;
export type LevelReason = (typeof LEVEL_REASONS)[number];
export type LevelChange = { from: number; to: number; reason: LevelReason };

/** A request that was answered: `kind` tells those apart that take different times by nature. */
export type Latency = { kind: string; ms: number };

const START = 16;
const THROTTLE_FLOOR = 2;
/** Slowness alone never goes below this: with so few in flight it is not ours. */
const LATENCY_FLOOR = 8;
const STEP_MS = 1000;
const MIN_SAMPLES = 5;
/** Times the best latency seen: above the second it is a queue of our own making, below the first there is room. */
const GOOD_RATIO = 2;
const BAD_RATIO = 3;
/** The best seen is forgotten slowly, since a store may have become slower for good: it doubles in six minutes. */
const FORGET_PER_STEP = 1.002;

/**
 * How many objects one worker has in flight for one migration: doubled each good second at first, one more each later
 * one, half after a second with throttling, a fifth less while requests take three times the best time seen. The second
 * is judged as a whole, so a burst of refusals is one piece of news. Never below 2 or above `max`.
 */
export class ConcurrencyLevel {
  #max: number;
  #limit: number;
  #stepAtMs: number;
  #isFirstClimb = true;
  #isThrottled = false;
  readonly #best = new Map<string, number>();
  #samples = new Map<string, number[]>();

  constructor(max: number, nowMs: number) {
    this.#max = max;
    this.#limit = Math.min(max, START);
    this.#stepAtMs = nowMs;
  }

  get limit(): number {
    return this.#limit;
  }

  /** People changed the most there may be; what was found stays, as far as it fits. */
  setMax(max: number): void {
    this.#max = max;
    this.#limit = Math.min(this.#limit, max);
  }

  /** A request was answered in this time. */
  noteLatency({ kind, ms }: Latency): void {
    const samples = this.#samples.get(kind) ?? [];
    samples.push(ms);
    this.#samples.set(kind, samples);
  }

  /** An object was answered for; gives what was lowered by it, and why. */
  noteAnswer(isThrottled: boolean, nowMs: number): LevelChange | undefined {
    this.#isThrottled ||= isThrottled;
    if (nowMs - this.#stepAtMs < STEP_MS) return undefined;
    this.#stepAtMs = nowMs;
    const wasThrottled = this.#isThrottled;
    this.#isThrottled = false;
    const ratio = this.#latencyRatio();
    const from = this.#limit;
    if (wasThrottled) {
      this.#lower(Math.floor(from / 2), THROTTLE_FLOOR);
      return this.#changeSince(from, "throttled");
    }
    if (ratio > BAD_RATIO && from > LATENCY_FLOOR) {
      this.#lower(Math.floor(from * 0.8), LATENCY_FLOOR);
      return this.#changeSince(from, "latency");
    }
    if (ratio <= GOOD_RATIO) this.#limit = Math.min(this.#max, this.#isFirstClimb ? from * 2 : from + 1);
    return undefined;
  }

  #lower(to: number, floor: number): void {
    this.#isFirstClimb = false;
    this.#limit = Math.max(Math.min(floor, this.#max), to);
  }

  #changeSince(from: number, reason: LevelReason): LevelChange | undefined {
    return this.#limit < from ? { from, to: this.#limit, reason } : undefined;
  }

  /** The worst of all kinds, by their medians: one slow request says nothing. */
  #latencyRatio(): number {
    let worst = 1;
    for (const [kind, samples] of this.#samples) {
      if (samples.length < MIN_SAMPLES) continue;
      const median = samples.sort((a, b) => a - b)[samples.length >> 1] ?? 0;
      const best = Math.min(median, (this.#best.get(kind) ?? Number.POSITIVE_INFINITY) * FORGET_PER_STEP);
      // Below a millisecond the clock and the turn of the loop decide, not the store.
      this.#best.set(kind, Math.max(1, best));
      worst = Math.max(worst, median / Math.max(1, best));
    }
    this.#samples = new Map();
    return worst;
  }
}
