import type { Fragment } from "./fragment";

type Started = Pick<Fragment, "traceId" | "minStartNs" | "hasRoot">;

const NS_PER_MS = 1_000_000n;
const MS_PER_MINUTE = 60_000;
/** Readers take what started two minutes ago for whole; a commit may need most of the time between. */
export const LATE_AFTER_MS = 30_000;
/** Two generations of so many traces are remembered: about 20 MB under load. */
const MOST_REMEMBERED = 50_000;

/** A trace id as a key. */
export const traceKey = (traceId: Buffer): string => traceId.toString("latin1");

/**
 * When the traces of recent requests started, to tell late spans: those that start long ago, and those of a trace that does.
 * A trace not met before has to be looked up in the store, once, unless its root is here: then it starts here.
 */
export class TraceStarts {
  #recent = new Map<string, number>();
  #former = new Map<string, number>();
  readonly #most: number;

  constructor(most = MOST_REMEMBERED) {
    this.#most = most;
  }

  /** Remembers the traces of a batch; returns the keys of those that may have started before and were not met. */
  meet(fragments: readonly Started[]): Set<string> {
    const unknown = new Set<string>();
    for (const { traceId, minStartNs, hasRoot } of fragments) {
      const key = traceKey(traceId);
      if (!hasRoot && this.#startOf(key) === undefined) unknown.add(key);
      this.learn(key, Number(minStartNs / NS_PER_MS));
    }
    return unknown;
  }

  /** What the store knows of a trace: it started no later than this. */
  learn(key: string, startMs: number): void {
    this.#recent.set(key, Math.min(startMs, this.#startOf(key) ?? startMs));
    if (this.#recent.size < this.#most) return;
    this.#former = this.#recent;
    this.#recent = new Map();
  }

  /**
   * The minutes since the epoch that these spans change after their time, in order: those they start in, and those their
   * traces start in.
   */
  lateMinutes(fragments: readonly Started[], nowMs: number): number[] {
    const minutes = new Set<number>();
    for (const { traceId, minStartNs } of fragments) {
      const startMs = Number(minStartNs / NS_PER_MS);
      for (const atMs of [startMs, this.#startOf(traceKey(traceId)) ?? startMs]) {
        if (atMs < nowMs - LATE_AFTER_MS) minutes.add(Math.floor(atMs / MS_PER_MINUTE));
      }
    }
    return [...minutes].sort((a, b) => a - b);
  }

  #startOf(key: string): number | undefined {
    return this.#recent.get(key) ?? this.#former.get(key);
  }
}
