import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit, type BreakerState, CLOSED, fail, giveUp, succeed } from "./circuit-breaker";

const LIMITS = { maxFailures: 5, openForMs: 10_000 };
const STEPS = {
  admit: (state: BreakerState, nowMs: number) => admit(state, nowMs).state,
  succeed: () => succeed(),
  fail: (state: BreakerState, nowMs: number) => fail(state, nowMs, LIMITS),
  giveUp,
};

describe("a circuit breaker", () => {
  it("opens after five failures in a row, not before", () => {
    let state: BreakerState = CLOSED;
    for (let call = 0; call < 4; call += 1) state = fail(state, 0, LIMITS);
    expect(admit(state, 0).isAdmitted).toBe(true);
    state = fail(state, 0, LIMITS);
    expect(admit(state, 9_999).isAdmitted).toBe(false);
  });

  it("lets exactly one call look when its time has come", () => {
    const open: BreakerState = { name: "open", retryAtMs: 10 };
    const look = admit(open, 10);
    expect(look.isAdmitted).toBe(true);
    expect(admit(look.state, 11).isAdmitted).toBe(false);
    expect(admit(succeed(), 11).isAdmitted).toBe(true);
    expect(admit(fail(look.state, 11, LIMITS), 12).isAdmitted).toBe(false);
  });

  it("looks again at once when the caller that looked gave up", () => {
    const { state } = admit({ name: "open", retryAtMs: 10 }, 10);
    expect(admit(giveUp(state, 11), 11).isAdmitted).toBe(true);
  });

  it("never stays shut for longer than its time, whatever happens", () => {
    const events = fc.array(fc.constantFrom("admit" as const, "succeed" as const, "fail" as const, "giveUp" as const), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(events, (names) => {
        let state: BreakerState = CLOSED;
        let nowMs = 0;
        for (const name of names) {
          nowMs += 1;
          state = STEPS[name](state, nowMs);
        }
        if (state.name === "half-open") state = fail(state, nowMs, LIMITS);
        expect(admit(state, nowMs + LIMITS.openForMs).isAdmitted).toBe(true);
      }),
    );
  });
});
