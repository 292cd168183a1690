import { describe, expect, it } from "vitest";
import { traceLength } from "./trace-length";

const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5];
type Row = [parent: number, startUs: number, durationUs: number, service: number, kind: number];
const lengthOf = (...rows: Row[]) =>
  traceLength({
    parent: rows.map(([parent]) => parent),
    startUs: rows.map(([, startUs]) => startUs),
    durationUs: rows.map(([, , durationUs]) => durationUs),
    service: rows.map(([, , , service]) => service),
    kind: rows.map(([, , , , kind]) => kind),
  });

const S = 1_000_000;

describe("traceLength", () => {
  it("is from the first start to the last end where clocks agree", () => {
    expect(lengthOf([-1, 0, 50_000, 0, SERVER], [0, 100, 40_000, 0, CLIENT], [1, 200, 39_000, 1, SERVER])).toEqual({
      lengthUs: 50_000,
      clocksApartUs: 0,
    });
  });

  it("holds work that goes on after the answer", () => {
    const job = lengthOf(
      [-1, 0, 50_000, 0, SERVER],
      [0, 20_000, 2000, 0, PRODUCER],
      [1, 20 * S, 3 * S, 1, CONSUMER],
      [0, 40_000, 30 * S, 0, INTERNAL],
    );
    expect(job).toEqual({ lengthUs: 30 * S + 40_000, clocksApartUs: 0 });
  });

  it("does not grow with a clock that is ahead or behind, and says by how much it is off", () => {
    for (const apartUs of [45 * S, -45 * S]) {
      const { lengthUs, clocksApartUs } = lengthOf(
        [-1, 0, 2 * S, 0, SERVER],
        [0, 1000, 100_000, 0, CLIENT],
        [1, 1100 + apartUs, 99_000, 1, SERVER],
        [2, 2000 + apartUs, 90_000, 1, CLIENT],
      );
      expect(lengthUs).toBe(2 * S);
      expect(Math.abs(clocksApartUs - 45 * S)).toBeLessThan(S);
    }
  });

  it("does not tell of clocks that differ by less than a millisecond", () => {
    expect(lengthOf([-1, 0, 50_000, 0, SERVER], [0, -400, 40_000, 1, SERVER]).clocksApartUs).toBe(0);
  });

  it("ends on cycles, orphans and nothing", () => {
    expect(lengthOf()).toEqual({ lengthUs: 0, clocksApartUs: 0 });
    expect(lengthOf([1, 0, 10, 0, SERVER], [0, -9 * S, 10, 1, SERVER]).lengthUs).toBeGreaterThan(0);
  });
});
