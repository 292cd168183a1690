import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adjustForMany,
  distance,
  fisherEitherWay,
  fisherMoreIn,
  mannWhitney,
  roundToSum,
  seededRandom,
} from "./statistics";

describe("fisherMoreIn", () => {
  it("agrees with the counts by hand: 8 of 10 against 1 of 6 is 280 of 11,440 ways", () => {
    expect(fisherMoreIn({ hits: 8, of: 10 }, { hits: 1, of: 6 })).toBeCloseTo(280 / 11_440, 10);
  });

  it("is 1 for no hits, and with an empty side", () => {
    expect(fisherMoreIn({ hits: 0, of: 10 }, { hits: 5, of: 10 })).toBeCloseTo(1, 10);
    expect(fisherMoreIn({ hits: 3, of: 3 }, { hits: 0, of: 0 })).toBe(1);
  });

  it("is a probability, and falls when more of the hits are on the side", () => {
    const of = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(of, of, fc.nat(120), fc.nat(120), (n, m, a, b) => {
        const hits = Math.min(a, n - 1);
        const other = Math.max(1, Math.min(b, m));
        const p = fisherMoreIn({ hits, of: n }, { hits: other, of: m });
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherMoreIn({ hits: hits + 1, of: n }, { hits: other - 1, of: m })).toBeLessThanOrEqual(p + 1e-12);
        expect(fisherEitherWay({ hits, of: n }, { hits: other, of: m })).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("adjustForMany", () => {
  it("multiplies by how many were asked and divides by the rank", () => {
    expect(adjustForMany([0.01, 0.02, 0.03, 0.5])).toEqual([0.04, 0.04, 0.04, 0.5]);
  });

  it("keeps the order of the p-values and never goes below them", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (pValues) => {
        const qValues = adjustForMany(pValues);
        qValues.forEach((q, at) => {
          expect(q).toBeGreaterThanOrEqual((pValues[at] ?? 0) - 1e-12);
          expect(q).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});

describe("mannWhitney", () => {
  it("agrees with the formula worked by hand for 1..8 against 6..13: U 4.5, three ties, z 2.842", () => {
    const range = (from: number) => Array.from({ length: 8 }, (_, at) => from + at);
    expect(mannWhitney(range(1), range(6))).toBeCloseTo(0.00449, 4);
  });

  it("says nothing about few values or equal ones", () => {
    expect(mannWhitney([1, 2, 3, 4], [9, 9, 9, 9, 9])).toBe(1);
    expect(mannWhitney([2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2])).toBe(1);
  });

  it("calls a twentieth of pure chance significant at 5 %, no more", () => {
    const random = seededRandom(7);
    const sample = () => Array.from({ length: 30 }, () => random());
    const rounds = Array.from({ length: 600 }, () => mannWhitney(sample(), sample()));
    expect(rounds.filter((p) => p <= 0.05).length / rounds.length).toBeLessThan(0.08);
  });
});

describe("roundToSum", () => {
  it("rounds each value to a neighbour and keeps the rounded sum", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 50 }), (values) => {
        const rounded = roundToSum(values);
        const sum = values.reduce((a, b) => a + b, 0);
        expect(rounded.reduce((a, b) => a + b, 0)).toBe(Math.round(sum) + 0);
        for (const [at, value] of rounded.entries()) expect(Math.abs(value - (values[at] ?? 0))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("distance", () => {
  it("is 0 for one mix in two sizes and 1 for nothing shared", () => {
    const mix = (counts: Record<string, number>) => new Map(Object.entries(counts));
    expect(distance(mix({ a: 1, b: 3 }), mix({ a: 2, b: 6 }))).toBe(0);
    expect(distance(mix({ a: 1 }), mix({ b: 1 }))).toBe(1);
  });
});
