/**
 * Additive increase, multiplicative decrease, per destination: one more in flight after each good second, half after a
 * second with throttling. Never below 2, never above `max`.
 */
export type ConcurrencyLimit = { limit: number; max: number; changedAtMs: number };

const FLOOR = 2;
const STEP_MS = 1000;

export function startLimit(max: number, nowMs: number): ConcurrencyLimit {
  return { limit: max, max, changedAtMs: nowMs };
}

/** People changed the most that may be in flight: what was found stays, as far as it fits. */
export function withMax(state: ConcurrencyLimit, max: number): ConcurrencyLimit {
  return state.max === max ? state : { ...state, max, limit: Math.min(state.limit, max) };
}

/** The limit after one answer. At most one halving per second: a burst of refusals is one piece of news. */
export function afterAnswer(state: ConcurrencyLimit, isThrottled: boolean, nowMs: number): ConcurrencyLimit {
  if (nowMs - state.changedAtMs < STEP_MS) return state;
  const floor = Math.min(FLOOR, state.max);
  if (isThrottled) return { ...state, limit: Math.max(floor, Math.floor(state.limit / 2)), changedAtMs: nowMs };
  if (state.limit >= state.max) return state;
  return { ...state, limit: state.limit + 1, changedAtMs: nowMs };
}
