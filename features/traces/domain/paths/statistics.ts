/*
 * The tests behind "new", "grew" and "sets these apart". All exact or with the usual corrections, none with chance in it:
 * the same numbers always give the same answer.
 */

/** ln(0!), ln(1!), … as far as asked for. */
const LOG_FACTORIALS = [0];

function logFactorial(n: number): number {
  for (let at = LOG_FACTORIALS.length; at <= n; at += 1) {
    LOG_FACTORIALS.push((LOG_FACTORIALS[at - 1] ?? 0) + Math.log(at));
  }
  return LOG_FACTORIALS[n] ?? 0;
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

export type Shares = { hits: number; of: number };

/**
 * Fisher's exact test, one-sided: the probability of at least `a.hits` hits among `a.of` when hits were dealt to both
 * sides by chance. 1 when either side is empty. Counts are whole and small (a sample of traces).
 */
export function fisherMoreIn(a: Shares, b: Shares): number {
  const hits = a.hits + b.hits;
  const all = a.of + b.of;
  if (a.of === 0 || b.of === 0) return 1;
  const whole = logChoose(all, hits);
  let probability = 0;
  for (let inA = a.hits; inA <= Math.min(hits, a.of); inA += 1) {
    if (hits - inA > b.of) continue;
    probability += Math.exp(logChoose(a.of, inA) + logChoose(b.of, hits - inA) - whole);
  }
  return Math.min(1, probability);
}

/** The same, either way: twice the smaller of the two one-sided probabilities. */
export function fisherEitherWay(a: Shares, b: Shares): number {
  const less = { hits: a.of - a.hits, of: a.of };
  return Math.min(1, 2 * Math.min(fisherMoreIn(a, b), fisherMoreIn(less, { hits: b.of - b.hits, of: b.of })));
}

/**
 * Benjamini and Hochberg's q-values: calling significant what is at or below q lets at most that share of what is
 * called be false, on average. In the order given; never below the p-value.
 */
export function adjustForMany(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).sort((a, b) => (pValues[b] ?? 1) - (pValues[a] ?? 1));
  const qValues = new Array<number>(pValues.length).fill(1);
  let lowest = 1;
  order.forEach((at, fromLargest) => {
    const rank = pValues.length - fromLargest;
    lowest = Math.min(lowest, ((pValues[at] ?? 1) * pValues.length) / rank);
    qValues[at] = lowest;
  });
  return qValues;
}

/**
 * Mann and Whitney's test, two-sided, by the normal approximation with corrections for ties and continuity: the
 * probability of ranks this far apart when both samples come from one distribution. 1 when either has fewer than five
 * values (the approximation is no good there) or all values are equal.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  return rankTest(tally(a, b)).pValue;
}

/** How many values of either sample are equal or fall into one bin; bins ascend. */
export type TallyBin = { a: number; b: number };
/** `shift`: 1 where the values of b are the larger ones as a whole, -1 where those of a are, 0 for neither. */
export type RankShift = { pValue: number; shift: -1 | 0 | 1 };

/** The same test over bins, whose values count as equal, and which of the samples has the larger values. */
export function rankTest(bins: readonly TallyBin[]): RankShift {
  let [countA, countB, rankSum, tieTerm] = [0, 0, 0, 0];
  for (const { a, b } of bins) {
    const ties = a + b;
    rankSum += (countA + countB + (ties + 1) / 2) * a;
    tieTerm += ties ** 3 - ties;
    countA += a;
    countB += b;
  }
  const all = countA + countB;
  const pairs = countA * countB;
  const apart = rankSum - (countA * (countA + 1)) / 2 - pairs / 2;
  const shift = apart === 0 ? 0 : apart < 0 ? 1 : -1;
  const variance = (pairs / 12) * (all + 1 - tieTerm / (all * (all - 1)));
  if (countA < 5 || countB < 5 || variance <= 0) return { pValue: 1, shift };
  const z = Math.max(0, Math.abs(apart) - 0.5) / Math.sqrt(variance);
  return { pValue: Math.min(1, 2 * upperTail(z)), shift };
}

/** Two samples as bins of equal values. */
export function tally(a: readonly number[], b: readonly number[]): TallyBin[] {
  const bins = new Map<number, TallyBin>();
  const binOf = (value: number) => {
    const bin = bins.get(value) ?? { a: 0, b: 0 };
    bins.set(value, bin);
    return bin;
  };
  for (const value of a) binOf(value).a += 1;
  for (const value of b) binOf(value).b += 1;
  return [...bins].sort(([x], [y]) => x - y).map(([, bin]) => bin);
}

/** P(Z > z) of the standard normal, z ≥ 0; error below 1e-7 (Abramowitz and Stegun 26.2.17). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (poly * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Half the sum of differences between two distributions over the same things: 0 for alike, 1 for nothing shared. */
export function distance(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, count) => all + count, 0) || 1;
  const allA = sum(a);
  const allB = sum(b);
  let apart = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    apart += Math.abs((a.get(key) ?? 0) / allA - (b.get(key) ?? 0) / allB);
  }
  return apart / 2;
}

/** A source of numbers in [0, 1) that gives the same ones for the same seed (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rounds numbers to whole ones so that they sum to the rounded sum: the largest remainders are rounded up. */
export function roundToSum(values: readonly number[]): number[] {
  const whole = Math.round(values.reduce((sum, value) => sum + value, 0));
  const rounded = values.map(Math.floor);
  const missing = whole - rounded.reduce((sum, value) => sum + value, 0);
  const byRemainder = values
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder.slice(0, Math.max(0, missing))) rounded[at] = (rounded[at] ?? 0) + 1;
  return rounded;
}
