import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_VERBS, DESIRED_STATES, MIGRATION_MODES, MIGRATION_PHASES, MIGRATION_STATES } from "./states";
import { allowedVerbs, desiredAfter, type VerbFacts } from "./verbs";

const FACTS: VerbFacts = {
  state: "running",
  desired: "running",
  phase: "copy",
  mode: "copy",
  isSoakOver: false,
  isRetireAsked: false,
  isShrunk: false,
  missing: 0,
  hasFailures: false,
  isWatched: false,
};
const given = (facts: Partial<VerbFacts>) => allowedVerbs({ ...FACTS, ...facts });
const any: fc.Arbitrary<VerbFacts> = fc.record({
  state: fc.constantFrom(...MIGRATION_STATES),
  desired: fc.constantFrom(...DESIRED_STATES),
  phase: fc.constantFrom(...MIGRATION_PHASES),
  mode: fc.constantFrom(...MIGRATION_MODES),
  isSoakOver: fc.boolean(),
  isRetireAsked: fc.boolean(),
  isShrunk: fc.boolean(),
  missing: fc.nat(2),
  hasFailures: fc.boolean(),
  isWatched: fc.boolean(),
});

describe("allowedVerbs", () => {
  it("always offers a way out before the end, and nothing once it is cancelled or retired", () => {
    for (const state of MIGRATION_STATES) {
      for (const desired of DESIRED_STATES) {
        if (["verified", "cancelled", "retired", "reported"].includes(state)) continue;
        expect(given({ state, desired }), `${state}, ${desired}`).toContain("cancel");
      }
    }
    expect(given({ state: "cancelled", desired: "cancelled" })).toEqual([]);
    expect(given({ state: "retired", phase: "retire" })).toEqual([]);
  });

  it("offers the way back while a pause is still finishing what is in flight", () => {
    expect(given({ desired: "paused" })).toContain("resume");
    expect(given({ state: "paused" })).toContain("pause");
  });

  it("offers a job that reports itself to pause and go on: it hears of it with its next heartbeat", () => {
    expect(given({ mode: "reported" })).toEqual(["pause", "cancel"]);
    expect(given({ mode: "reported", desired: "paused" })).toEqual(["cancel", "resume"]);
  });

  it("offers nothing but to look no more where the console only reads what another program says of itself", () => {
    for (const state of MIGRATION_STATES) {
      for (const desired of DESIRED_STATES) {
        const verbs = given({ state, desired, mode: "reported", isWatched: true });
        expect(
          verbs.filter((verb) => verb !== "cancel"),
          `${state}, ${desired}`,
        ).toEqual([]);
      }
    }
    expect(given({ mode: "reported", isWatched: true })).toEqual(["cancel"]);
  });

  it("leaves what is verified to a person: the cutover, or another look", () => {
    expect(given({ state: "verified", phase: "verify" })).toEqual(["begin_cutover", "list_again"]);
  });

  it("never lets anybody retire before the soak is over, without asking first, or what was only reported", () => {
    fc.assert(
      fc.property(any, (facts) => {
        const verbs = allowedVerbs(facts);
        if (verbs.includes("approve_retire")) expect(facts).toMatchObject({ isSoakOver: true, isRetireAsked: true });
        if (verbs.includes("ask_retire")) expect(facts).toMatchObject({ isSoakOver: true, isRetireAsked: false });
        if (facts.mode === "reported") expect(verbs).not.toContain("approve_retire");
      }),
    );
  });

  it("offers to retry only what has failed: a plan that stopped before it listed anything has nothing to retry", () => {
    expect(given({ state: "failed", phase: "list" })).not.toContain("retry_failed");
    expect(given({ state: "failed", phase: "copy", hasFailures: true })).toContain("retry_failed");
  });

  it("offers to accept a shorter listing, or to repair, only where there is one", () => {
    expect(given({ state: "auto_stopped", phase: "delta" })).not.toContain("accept_shrink");
    expect(given({ state: "auto_stopped", phase: "delta", isShrunk: true })).toContain("accept_shrink");
    const compared = { state: "failed", phase: "verify", mode: "verify_only" } as const;
    expect(given(compared)).not.toContain("repair");
    expect(given({ ...compared, missing: 1 })).toContain("repair");
    expect(given({ ...compared, mode: "copy", missing: 1 })).not.toContain("repair");
  });
});

describe("desiredAfter", () => {
  it("leads to a known wish from every verb", () => {
    for (const verb of COMMAND_VERBS) expect(DESIRED_STATES).toContain(desiredAfter(verb, "running"));
    expect(desiredAfter("retry_failed", "paused")).toBe("paused");
  });
});
