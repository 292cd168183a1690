import { describe, expect, it } from "vitest";
import { ConcurrencyLevel, type LevelReason } from "./concurrency-level";

/** mulberry32: a failing run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Store = {
  /** In flight up to here take `baseMs`; more wait in line. */
  knee: number;
  baseMs: number;
  /** In flight beyond this are refused. */
  refusesAbove: number;
};

/** A store with noise, answered second by second: the level after each, and why it was lowered. */
function simulate(
  level: ConcurrencyLevel,
  store: Store,
  { fromS, seconds, random }: { fromS: number; seconds: number; random: () => number },
) {
  const limits: number[] = [];
  const reasons: LevelReason[] = [];
  for (let second = fromS; second < fromS + seconds; second += 1) {
    const inFlight = level.limit;
    const queue = Math.max(1, inFlight / store.knee);
    const isRefused = inFlight > store.refusesAbove;
    for (let at = 0; at < 20; at += 1) {
      level.noteLatency({ kind: "PUT", ms: store.baseMs * queue * (0.7 + random() * 0.6) });
      const change = level.noteAnswer(isRefused && random() < 0.3, (second + 1) * 1000 + at);
      if (change !== undefined) reasons.push(change.reason);
    }
    limits.push(level.limit);
  }
  return { limits, reasons };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const FREE: Store = { knee: 1000, baseMs: 20, refusesAbove: 1000 };

describe("ConcurrencyLevel", () => {
  it("halves at most once a second while throttled, never below two, and climbs back by one", () => {
    const level = new ConcurrencyLevel(16, 0);
    for (let atMs = 1000; atMs <= 1900; atMs += 100) level.noteAnswer(true, atMs);
    expect(level.limit).toBe(8);
    for (let atMs = 2000; atMs < 20_000; atMs += 1000) level.noteAnswer(true, atMs);
    expect(level.limit).toBe(2);
    for (let atMs = 20_000; atMs < 25_000; atMs += 1000) level.noteAnswer(false, atMs);
    expect(level.limit).toBe(7);
  });

  it.each([1, 2, 3])("reaches the most that people allow in seconds where nothing is in the way (seed %i)", (seed) => {
    const level = new ConcurrencyLevel(256, 0);
    const { limits, reasons } = simulate(level, FREE, { fromS: 0, seconds: 10, random: seeded(seed) });
    expect(limits.at(-1)).toBe(256);
    expect(reasons).toEqual([]);
  });

  it.each([4, 5, 6])("settles by latency where a queue forms, well above the knee's throughput (seed %i)", (seed) => {
    const level = new ConcurrencyLevel(256, 0);
    const store = { knee: 40, baseMs: 20, refusesAbove: 1000 };
    const { limits, reasons } = simulate(level, store, { fromS: 0, seconds: 120, random: seeded(seed) });
    const settled = limits.slice(60);
    // Never below the knee, where throughput would be lost; never far into the queue.
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...settled)).toBeLessThanOrEqual(140);
    expect(new Set(reasons)).toEqual(new Set(["latency"]));
  });

  it.each([7, 8, 9])("settles below what a store refuses, and asks for more now and then (seed %i)", (seed) => {
    const level = new ConcurrencyLevel(256, 0);
    const store = { knee: 1000, baseMs: 20, refusesAbove: 50 };
    const { limits, reasons } = simulate(level, store, { fromS: 0, seconds: 300, random: seeded(seed) });
    const settled = limits.slice(100);
    expect(mean(settled)).toBeGreaterThan(25);
    expect(Math.max(...settled)).toBeLessThanOrEqual(54);
    expect(new Set(reasons)).toEqual(new Set(["throttled"]));
  });

  it.each([10, 11, 12])("recovers once the trouble is over (seed %i)", (seed) => {
    const random = seeded(seed);
    const level = new ConcurrencyLevel(64, 0);
    simulate(level, FREE, { fromS: 0, seconds: 20, random });
    const bad = simulate(level, { ...FREE, refusesAbove: 0 }, { fromS: 20, seconds: 30, random });
    expect(bad.limits.at(-1)).toBeLessThanOrEqual(8);
    const good = simulate(level, FREE, { fromS: 50, seconds: 70, random });
    expect(good.limits.at(-1)).toBe(64);
  });

  it("takes a store that became slower for good as it is, in the end", () => {
    const random = seeded(13);
    const level = new ConcurrencyLevel(64, 0);
    simulate(level, FREE, { fromS: 0, seconds: 20, random });
    const slow = simulate(level, { ...FREE, baseMs: 100 }, { fromS: 20, seconds: 900, random });
    expect(Math.min(...slow.limits)).toBe(8);
    expect(slow.limits.at(-1)).toBe(64);
  });

  it("keeps what it found when people change the most there may be", () => {
    const level = new ConcurrencyLevel(32, 0);
    level.setMax(4);
    expect(level.limit).toBe(4);
    level.setMax(100);
    expect(level.limit).toBe(4);
  });
});
