import { describe, expect, it } from "vitest";
import { computeOwnWork, sumOwnWorkUs } from "./own-work";
import { computeTreeColumns } from "./trace-skeleton";

const CONSUMER = 5;

function ownWork(rows: [parent: number, startUs: number, durationUs: number, kind?: number][], span = 0) {
  return computeOwnWork(
    {
      spanCount: rows.length,
      spanStartUs: Float64Array.from(rows, ([, startUs]) => startUs),
      spanDurationUs: Float64Array.from(rows, ([, , durationUs]) => durationUs),
      kind: Uint8Array.from(rows, ([, , , kind]) => kind ?? 1),
      ...computeTreeColumns(Int32Array.from(rows, ([parent]) => parent)),
    },
    span,
  );
}

describe("computeOwnWork", () => {
  it("is what overlapping children leave over", () => {
    expect([
      ...ownWork([
        [-1, 0, 100],
        [0, 10, 20],
        [0, 20, 30],
        [0, 80, 10],
      ]),
    ]).toEqual([0, 10, 50, 80, 90, 100]);
  });

  it("clips children that start before or end after their parent", () => {
    expect([
      ...ownWork([
        [-1, 10, 90],
        [0, 0, 20],
        [0, 90, 500],
      ]),
    ]).toEqual([20, 90]);
  });

  it("does not count a consumer as time waited for", () => {
    expect([
      ...ownWork([
        [-1, 0, 100],
        [0, 10, 80, CONSUMER],
      ]),
    ]).toEqual([0, 100]);
  });

  it("is everything for a leaf and nothing for a span without length", () => {
    expect([...ownWork([[-1, 5, 7]])]).toEqual([5, 12]);
    expect([...ownWork([[-1, 5, 0]])]).toEqual([]);
  });

  it("keeps the sum true when there are more stretches than a screen shows", () => {
    const calls = Array.from({ length: 20_000 }, (_, i): [number, number, number] => [0, i * 10, 4]);
    const work = ownWork([[-1, 0, 200_000], ...calls]);
    expect(work.length).toBeLessThanOrEqual(800);
    expect(sumOwnWorkUs(work)).toBeCloseTo(120_000, 3);
  });
});
