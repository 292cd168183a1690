/** `closed`: calls go through. `open`: refused until `retryAtMs`. `half-open`: one call is out to look. */
export type BreakerState =
  | { name: "closed"; failureCount: number }
  | { name: "open"; retryAtMs: number }
  | { name: "half-open" };

export type BreakerLimits = { maxFailures: number; openForMs: number };

export const CLOSED: BreakerState = { name: "closed", failureCount: 0 };

/** Whether a call may go out at `nowMs`, and the state it leaves behind. Of many waiting calls one gets to look. */
export function admit(state: BreakerState, nowMs: number): { isAdmitted: boolean; state: BreakerState } {
  if (state.name === "closed") return { isAdmitted: true, state };
  if (state.name === "open" && nowMs >= state.retryAtMs) return { isAdmitted: true, state: { name: "half-open" } };
  return { isAdmitted: false, state };
}

/** The state after a call that ended well. */
export function succeed(): BreakerState {
  return CLOSED;
}

/** The state after a call that failed at `nowMs`. A failed look opens at once; closed takes `maxFailures` in a row. */
export function fail(state: BreakerState, nowMs: number, { maxFailures, openForMs }: BreakerLimits): BreakerState {
  if (state.name === "open") return state;
  const failureCount = state.name === "closed" ? state.failureCount + 1 : maxFailures;
  return failureCount >= maxFailures
    ? { name: "open", retryAtMs: nowMs + openForMs }
    : { name: "closed", failureCount };
}

/** The state after a call whose caller gave up: it says nothing about the other side. */
export function giveUp(state: BreakerState, nowMs: number): BreakerState {
  return state.name === "half-open" ? { name: "open", retryAtMs: nowMs } : state;
}
