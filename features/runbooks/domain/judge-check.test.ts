import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CheckRecord, type CheckVerdict, hasHeld, hasTimedOut, recordSample } from "./judge-check";

const check = { everyMs: 10, forMs: 30, timeoutMs: 1000 };
const follow = (samples: readonly (readonly [atMs: number, verdict: CheckVerdict])[], sinceMs = 0) =>
  samples.reduce<CheckRecord | undefined>(
    (before, [atMs, verdict]) => recordSample(check, before, { verdict, atMs, sinceMs }),
    undefined,
  );
const held = (samples: Parameters<typeof follow>[0], sinceMs = 0) => {
  const record = follow(samples, sinceMs);
  return record !== undefined && hasHeld(check, record);
};

describe("recordSample", () => {
  it("holds only after as long as asked, with every sample true", () => {
    expect(
      held([
        [0, "true"],
        [10, "true"],
        [20, "true"],
      ]),
    ).toBe(false);
    expect(
      held([
        [0, "true"],
        [10, "true"],
        [20, "true"],
        [30, "true"],
      ]),
    ).toBe(true);
  });

  it.each(["false", "unknown"] as const)("begins again after %s", (verdict) => {
    expect(
      held([
        [0, "true"],
        [10, verdict],
        [20, "true"],
        [30, "true"],
        [40, "true"],
      ]),
    ).toBe(false);
    expect(
      held([
        [0, "true"],
        [10, verdict],
        [20, "true"],
        [30, "true"],
        [40, "true"],
        [50, "true"],
      ]),
    ).toBe(true);
  });

  it("begins again where samples are missing, since nobody looked", () => {
    expect(
      held([
        [0, "true"],
        [10, "true"],
        [41, "true"],
      ]),
    ).toBe(false);
  });

  it("takes nothing from before the step began", () => {
    const before = follow([
      [0, "true"],
      [10, "true"],
      [20, "true"],
      [30, "true"],
    ]);
    const after = recordSample(check, before, { verdict: "true", atMs: 40, sinceMs: 35 });
    expect(after).toMatchObject({ trueSinceMs: 40, firstMs: 40 });
    expect(hasHeld(check, after)).toBe(false);
  });

  it("is never held unless a true sample is the newest and none but true ones lie within the hold", () => {
    const verdict = fc.constantFrom<CheckVerdict>("true", "true", "true", "false", "unknown");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), verdict), { minLength: 1, maxLength: 40 }),
        (steps) => {
          let atMs = 0;
          const samples = steps.map(([gap, value]) => {
            atMs += gap;
            return [atMs, value] as const;
          });
          if (!held(samples)) return;
          const within = samples.filter(([at]) => at >= atMs - check.forMs);
          expect(within.every(([, value]) => value === "true")).toBe(true);
        },
      ),
    );
  });

  it("gives up after its timeout", () => {
    expect(hasTimedOut(check, { verdict: "false", trueSinceMs: null, firstMs: 0, sampledMs: 1001 })).toBe(true);
    expect(hasTimedOut(check, { verdict: "false", trueSinceMs: null, firstMs: 0, sampledMs: 1000 })).toBe(false);
  });
});
