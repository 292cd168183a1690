import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { S3DesiredState, S3MigrationPhase, S3MigrationState } from "@/server/db/generated/enums";
import {
  allowedVerbs,
  COMMAND_VERBS,
  DESIRED_STATES,
  desiredAfter,
  MIGRATION_PHASES,
  MIGRATION_STATES,
  type MigrationFacts,
  nextTransition,
} from "./states";

const facts: fc.Arbitrary<MigrationFacts> = fc.record({
  state: fc.constantFrom(...MIGRATION_STATES),
  desired: fc.constantFrom(...DESIRED_STATES),
  phase: fc.constantFrom(...MIGRATION_PHASES),
  leases: fc.nat(3),
  open: fc.nat(3),
  problems: fc.nat(3),
  stopReason: fc.constantFrom("budget" as const, "listing" as const, "blocked" as const, undefined),
});

describe("state lists", () => {
  it("are the same words in the database", () => {
    expect(Object.values(S3MigrationState)).toEqual([...MIGRATION_STATES]);
    expect(Object.values(S3DesiredState)).toEqual([...DESIRED_STATES]);
    expect(Object.values(S3MigrationPhase)).toEqual([...MIGRATION_PHASES]);
  });
});

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

  it("never leaves verified or cancelled, whatever is asked", () => {
    fc.assert(
      fc.property(facts, fc.constantFrom("verified" as const, "cancelled" as const), (given, state) => {
        expect(nextTransition({ ...given, state }).state).toBe(state);
      }),
    );
  });

  it("never sticks in a pause or a cancel: once the last lease is gone, it has arrived", () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (given.state === "verified" || given.state === "cancelled") return;
        const quiet = { ...given, leases: 0, stopReason: undefined };
        expect(nextTransition({ ...quiet, desired: "cancelled" }).state).toBe("cancelled");
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

describe("allowedVerbs", () => {
  it("offers nothing once it is over, and always a way out before", () => {
    for (const state of MIGRATION_STATES) {
      for (const desired of DESIRED_STATES) {
        const verbs = allowedVerbs(state, desired);
        if (state === "verified" || state === "cancelled") continue;
        expect(verbs, `${state}, ${desired}`).toContain("cancel");
      }
    }
    expect(allowedVerbs("verified", "running")).toEqual([]);
    expect(allowedVerbs("cancelled", "cancelled")).toEqual([]);
  });

  it("offers the way back while a pause is still finishing what is in flight", () => {
    expect(allowedVerbs("running", "paused")).toContain("resume");
    expect(allowedVerbs("paused", "running")).toContain("pause");
  });

  it("leads to a known wish from every verb", () => {
    for (const verb of COMMAND_VERBS) expect(DESIRED_STATES).toContain(desiredAfter(verb, "running"));
    expect(desiredAfter("retry_failed", "paused")).toBe("paused");
  });
});
