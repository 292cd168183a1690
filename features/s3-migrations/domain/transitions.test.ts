import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DESIRED_STATES, MIGRATION_PHASES, MIGRATION_STATES } from "./states";
import { type MigrationFacts, nextTransition } from "./transitions";

const facts: fc.Arbitrary<MigrationFacts> = fc.record({
  state: fc.constantFrom(...MIGRATION_STATES),
  desired: fc.constantFrom(...DESIRED_STATES),
  phase: fc.constantFrom(...MIGRATION_PHASES),
  leases: fc.nat(3),
  open: fc.nat(3),
  problems: fc.nat(3),
  stopReason: fc.constantFrom("budget" as const, "listing" as const, "blocked" as const, undefined),
  wantsDelta: fc.boolean(),
  isLookAgain: fc.boolean(),
});
const FINAL = ["verified", "cancelled", "retired", "reported"] as const;
const isFinal = ({ state }: MigrationFacts) => (FINAL as readonly string[]).includes(state);
const WAITS_FOR_PEOPLE = ["cutover", "soak"];

describe("nextTransition", () => {
  it("says verified only when nothing is open, nothing is leased and nothing is a problem", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { state } = nextTransition(given);
        if (state !== "verified" || given.state === "verified") return;
        expect(given).toMatchObject({ open: 0, leases: 0, problems: 0, phase: "verify" });
      }),
    );
  });

  it("never leaves verified, cancelled or retired, whatever is asked", () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...FINAL), (given, state) => {
        expect(nextTransition({ ...given, state }).state).toBe(state);
      }),
    );
  });

  it("never begins to delete by itself: only a migration that is in that phase already retires anything", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { state, phase } = nextTransition(given);
        if (given.phase === "retire") return;
        expect(phase).not.toBe("retire");
        if (given.state !== state) expect(["retiring", "retired"]).not.toContain(state);
      }),
    );
  });

  it("leaves the cutover and the soak to people: by itself it neither enters the soak nor ends one", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const next = nextTransition(given);
        if (given.phase === "soak" || given.phase === "cutover") expect(next.phase).toBe(given.phase);
        else expect(next.phase).not.toBe("soak");
      }),
    );
  });

  it("says retired only when nothing proven is left at the source and nobody works on it", () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (isFinal(given) || nextTransition(given).state !== "retired") return;
        expect(given).toMatchObject({ open: 0, leases: 0, phase: "retire", stopReason: undefined });
      }),
    );
  });

  it("looks at the source again, when that is wanted, before it goes on to the proof", () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (given.phase !== "copy" || !given.wantsDelta) return;
        expect(nextTransition(given).phase).not.toBe("verify");
      }),
    );
  });

  it("never sticks in a pause or a cancel: once the last lease is gone, it has arrived", () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (isFinal(given)) return;
        const quiet = { ...given, leases: 0, stopReason: undefined };
        expect(nextTransition({ ...quiet, desired: "cancelled" }).state).toBe("cancelled");
        if (WAITS_FOR_PEOPLE.includes(given.phase)) return;
        expect(nextTransition({ ...quiet, desired: "paused" }).state).toBe("paused");
      }),
    );
  });

  it("settles: asked again about its own answer, it changes nothing but the phase's own step", () => {
    fc.assert(
      fc.property(facts, (given) => {
        let now = { state: given.state, phase: given.phase };
        for (let step = 0; step < 4; step += 1) now = nextTransition({ ...given, ...now });
        expect(nextTransition({ ...given, ...now })).toEqual(now);
      }),
    );
  });
});
