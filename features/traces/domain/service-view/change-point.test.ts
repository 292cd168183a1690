import { describe, expect, it } from "vitest";
import { findChangePoint } from "./change-point";

const MINUTE_US = 60_000_000;
const series = (levels: readonly (number | null)[]) =>
  levels.map((p95Us, at) => ({
    startUs: at * MINUTE_US,
    endUs: (at + 1) * MINUTE_US,
    count: 10,
    errorCount: 0,
    perSecond: 1,
    errorShare: 0,
    quantiles: p95Us === null ? null : { p50Us: p95Us, p75Us: p95Us, p90Us: p95Us, p95Us, p99Us: p95Us },
  }));
const noisy = (level: number, count: number) =>
  Array.from({ length: count }, (_, at) => level * (1 + ((at * 7) % 5) / 40));

describe("findChangePoint", () => {
  it("is where the level jumps, not where the window begins", () => {
    const points = series([...noisy(25_000, 27), ...noisy(250_000, 20)]);
    expect(findChangePoint(points, "up")).toBe(27 * MINUTE_US);
    expect(findChangePoint(points, "down")).toBeUndefined();
    expect(findChangePoint(series([...noisy(250_000, 9), null, ...noisy(25_000, 9)]), "down")).toBe(10 * MINUTE_US);
  });

  it("is not said where there is none: all slow alike, one bad minute, noise, or nothing", () => {
    expect(findChangePoint(series(noisy(250_000, 40)), "up")).toBeUndefined();
    expect(findChangePoint(series([...noisy(25_000, 20), 900_000, ...noisy(25_000, 20)]), "up")).toBeUndefined();
    const noise = Array.from({ length: 40 }, (_, at) => 20_000 * (1 + ((at * 37) % 11)));
    expect(findChangePoint(series(noise), "up")).toBeUndefined();
    expect(findChangePoint(series([null, null, 25_000]), "up")).toBeUndefined();
    expect(findChangePoint([], "up")).toBeUndefined();
  });
});
