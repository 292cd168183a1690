import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterLook, isShrunk, outcomeOf, wantsDelta } from "./delta";

const counts = { listed: 10, added: 0, changed: 0, vanished: 0 };

describe("isShrunk", () => {
  it("asks above a tenth and not at it", () => {
    expect(isShrunk(90, 100, null)).toBe(false);
    expect(isShrunk(89, 100, null)).toBe(true);
    expect(isShrunk(0, 1, null)).toBe(true);
    expect(isShrunk(0, 0, null)).toBe(false);
  });

  it("takes what a person accepted as the new measure, and no less than a tenth below it", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (last, accepted) => {
        expect(isShrunk(accepted, last, accepted)).toBe(false);
        expect(isShrunk(Math.floor(accepted * 0.89) - 1, last, accepted)).toBe(
          Math.floor(accepted * 0.89) - 1 < Math.min(last, accepted) * 0.9,
        );
      }),
    );
  });

  it("never asks because of growth", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (last, more) => {
        expect(isShrunk(last + more, last, null)).toBe(false);
      }),
    );
  });
});

describe("passes", () => {
  it("end: each one that finds something is followed by at most as many as the limit allows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 40 }), fc.nat(20), (found, deltaUntil) => {
        let epoch = 0;
        let outcome: "clean" | "limit" | null = null;
        while (wantsDelta({ mode: "copy", epoch, deltaUntil, outcome })) {
          epoch += 1;
          outcome = outcomeOf({ ...counts, added: found[epoch] ?? 0 }, epoch, deltaUntil);
        }
        expect(epoch).toBeLessThanOrEqual(deltaUntil);
        if (deltaUntil > 0) expect(outcome).not.toBeNull();
        if (outcome === "clean") expect(found[epoch] ?? 0).toBe(0);
      }),
    );
  });

  it("count what vanished as nothing to copy", () => {
    expect(outcomeOf({ ...counts, vanished: 3 }, 1, 3)).toBe("clean");
    expect(outcomeOf({ ...counts, changed: 1 }, 3, 3)).toBe("limit");
  });

  it("are not made for what is only compared or reported", () => {
    for (const mode of ["verify_only", "reported"]) {
      expect(wantsDelta({ mode, epoch: 0, deltaUntil: 3, outcome: null })).toBe(false);
    }
  });
});

describe("afterLook", () => {
  it("goes back to people only when it found nothing and everything is proven", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("clean" as const, "limit" as const, null),
        fc.constantFrom("copy" as const, "verify_only" as const),
        fc.constantFrom("cutover" as const, "soak" as const, null),
        fc.nat(2),
        (outcome, mode, returnPhase, unproven) => {
          const next = afterLook(outcome, mode, { returnPhase, unproven });
          if (next.phase === "cutover" || next.phase === "soak") expect([outcome, unproven]).toEqual(["clean", 0]);
          if (outcome !== "clean") expect(next.returnPhase).not.toBe("soak");
          if (returnPhase === null) expect(next.returnPhase).toBeNull();
        },
      ),
    );
  });
});
