import { describe, expect, it } from "vitest";
import { type ThrottleWatch, throttledSince, watchThrottle } from "./throttle-watch";

/** The sums of throttled time at each second; tells since when, at the end. */
function sinceOf(sums: readonly number[]): number | undefined {
  let watch: ThrottleWatch;
  for (const [second, sum] of sums.entries()) watch = watchThrottle(watch, sum, second * 1000);
  return throttledSince(watch, (sums.length - 1) * 1000);
}

describe("throttledSince", () => {
  it("tells of throttling that lasts two minutes, from its beginning", () => {
    expect(sinceOf(Array.from({ length: 200 }, (_, second) => Math.max(0, second - 49) * 30))).toBe(50_000);
  });

  it("says nothing of a shorter one, of none, and of one that is over", () => {
    expect(sinceOf(Array.from({ length: 100 }, (_, second) => second * 30))).toBeUndefined();
    expect(sinceOf(Array.from({ length: 300 }, () => 5000))).toBeUndefined();
    expect(sinceOf(Array.from({ length: 300 }, (_, second) => Math.min(second, 200) * 30))).toBeUndefined();
  });

  it("bridges seconds without any, as slower workers have them", () => {
    expect(sinceOf(Array.from({ length: 300 }, (_, second) => Math.floor(second / 20) * 30))).toBe(20_000);
  });
});
