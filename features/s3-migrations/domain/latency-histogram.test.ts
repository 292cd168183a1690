import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addLatency, emptyLatencies, LATENCY_BUCKETS, latenciesSince, latencyQuantile } from "./latency-histogram";

/** Of a bucket, as a ratio of its bounds. */
const WIDTH = 2 ** 0.25;
const answers = fc.array(fc.double({ min: 0.01, max: 300_000, noNaN: true }), { minLength: 1, maxLength: 200 });

function countsOf(values: readonly number[]): number[] {
  const counts = emptyLatencies();
  for (const ms of values) addLatency(counts, ms);
  return counts;
}

describe("latencyQuantile", () => {
  it("knows nothing of no answers", () => {
    expect(latencyQuantile(emptyLatencies(), 0.5)).toBeUndefined();
  });

  it("is within one bucket of the exact rank", () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(0.5, 0.95, 1), (values, q) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0;
        const told = latencyQuantile(countsOf(values), q) ?? Number.NaN;
        expect(told).toBeGreaterThanOrEqual(Math.min(exact, 0.5) / WIDTH - 1e-9);
        if (exact > 0.5) {
          expect(told / exact).toBeGreaterThan(1 / WIDTH - 1e-9);
          expect(told / exact).toBeLessThan(WIDTH + 1e-9);
        }
      }),
    );
  });

  it("takes what is longer than any bucket for the last one", () => {
    const counts = countsOf([1e9]);
    expect(counts[LATENCY_BUCKETS - 1]).toBe(1);
    expect(latencyQuantile(counts, 0.5)).toBeGreaterThan(200_000);
  });
});

describe("latenciesSince", () => {
  it("gives the answers that came later, whoever had counted before", () => {
    fc.assert(
      fc.property(answers, answers, (before, later) => {
        const first = countsOf(before);
        const all = first.map((count, bucket) => count + (countsOf(later)[bucket] ?? 0));
        expect(latenciesSince(all, first)).toEqual(countsOf(later));
      }),
    );
  });

  it("never counts below nothing", () => {
    expect(latenciesSince([0, 1], [3, 1])).toEqual([0, 0]);
  });
});
