import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, TRIES_PER_VISIT, verdictOf } from "./retry";
import { ERROR_CLASSES } from "./states";

describe("verdictOf", () => {
  it("never gives an object up for throttling, however often", () => {
    for (const attempts of [0, 5, 500]) {
      expect(verdictOf("throttled", { tries: TRIES_PER_VISIT, attempts, maxAttempts: 5 })).toBe("retry_later");
    }
  });

  it("stops everything at once for what would fail every object", () => {
    for (const errorClass of ["auth", "config", "db"] as const) {
      expect(verdictOf(errorClass, { tries: 1, attempts: 0, maxAttempts: 5 })).toBe("stop_migration");
    }
  });

  it("ends for every other class after a bounded number of tries", () => {
    for (const errorClass of ERROR_CLASSES) {
      if (errorClass === "throttled") continue;
      const last = verdictOf(errorClass, { tries: TRIES_PER_VISIT, attempts: 4, maxAttempts: 5 });
      expect(["give_up", "stop_migration"], errorClass).toContain(last);
    }
  });
});

describe("backoffMs", () => {
  it("lies anywhere between nothing and the cap", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempt, random) => {
        const pause = backoffMs(attempt, random);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(20_000);
      }),
    );
  });
});
