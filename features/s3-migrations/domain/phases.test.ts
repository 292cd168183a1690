import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PHASE_STEPS, presentStep, standingsOf, stepTimes } from "./phases";
import { MIGRATION_PHASES, MIGRATION_STATES } from "./states";

const AT = "2026-11-23T10:00:00.000Z";
const secondsLater = (seconds: number) => new Date(Date.parse(AT) + seconds * 1000).toISOString();

describe("standingsOf", () => {
  it("has at most one step under way, everything before it over and everything behind it to come", () => {
    const facts = fc.record({
      state: fc.constantFrom(...MIGRATION_STATES),
      phase: fc.constantFrom(...MIGRATION_PHASES),
      epoch: fc.nat(3),
      approval: fc.constantFrom(null, {}),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const standings = standingsOf(given);
        const at = PHASE_STEPS.indexOf(presentStep(given));
        PHASE_STEPS.forEach((step, position) => {
          if (position < at) expect(standings[step]).toBe("was");
          if (position > at && step !== "approval") expect(standings[step]).toBe("next");
        });
      }),
    );
  });

  it("says who has to act: a plan and a cutover ask, a stop stands, a proof is over", () => {
    const facts = { phase: "copy", epoch: 0, approval: null } as const;
    expect(standingsOf({ ...facts, state: "planned" })).toMatchObject({ plan: "was", approval: "asks", copy: "next" });
    expect(standingsOf({ ...facts, state: "auto_stopped" }).copy).toBe("stopped");
    expect(standingsOf({ ...facts, epoch: 1, state: "running" })).toMatchObject({ copy: "was", delta: "now" });
    expect(standingsOf({ ...facts, phase: "verify", state: "verified" })).toMatchObject({
      verify: "was",
      cutover: "next",
    });
    expect(standingsOf({ ...facts, phase: "cutover", state: "cutover" }).cutover).toBe("asks");
  });
});

describe("stepTimes", () => {
  it("counts what a look found to the delta, and keeps pauses apart", () => {
    const times = stepTimes(
      [
        { phase: "list", state: "draft", at: AT },
        { phase: "copy", state: "planned", at: secondsLater(10) },
        { phase: "copy", state: "running", at: secondsLater(100) },
        { phase: "copy", state: "paused", at: secondsLater(130) },
        { phase: "copy", state: "running", at: secondsLater(150) },
        { phase: "delta", state: "listing", at: secondsLater(160) },
        { phase: "copy", state: "running", at: secondsLater(165) },
        { phase: "verify", state: "verifying", at: secondsLater(170) },
      ],
      Date.parse(secondsLater(200)),
    );
    expect(Object.fromEntries(times)).toEqual({
      listing: { elapsedMs: 10_000, pausedMs: 0 },
      copy: { elapsedMs: 60_000, pausedMs: 20_000 },
      delta: { elapsedMs: 10_000, pausedMs: 0 },
      verify: { elapsedMs: 30_000, pausedMs: 0 },
    });
  });

  it("knows no time of the step under way before the page knows the time", () => {
    expect(stepTimes([{ phase: "list", state: "listing", at: AT }], undefined).size).toBe(0);
  });
});
