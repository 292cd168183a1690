/** A repeatable source of chance: the same seed gives the same sequence on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  next: () => number;
  /** Whole number in [min, max]. */
  int: (min: number, max: number) => number;
  pick: <T>(items: readonly [T, ...T[]]) => T;
  chance: (probability: number) => boolean;
  /** Log-normal around `median`: the shape request times have. `spread` 0.3 is steady, 1 is wild. */
  around: (median: number, spread?: number) => number;
  hex: (length: number) => string;
};

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for made-up data, not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    chance: (probability) => next() < probability,
    around: (median, spread = 0.3) => median * Math.exp(spread * toNormal(next(), next())),
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(""),
  };
}

/** Box-Muller; the first value is kept off zero, whose logarithm is infinite. */
function toNormal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(Math.max(first, 1e-12))) * Math.cos(2 * Math.PI * second);
}
