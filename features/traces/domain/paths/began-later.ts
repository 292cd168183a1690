import { fisherMoreIn } from "./statistics";

/** Before it began, at most so many had it: a few strays. */
const STRAY_SHARE = 0.05;
/** Fewer before it say nothing of a beginning. */
const MIN_BEFORE = 5;
const MIN_BEFORE_SHARE = 0.15;

/**
 * Whether something began within a sample, given which of its traces have it, by start: some first part nearly without
 * it, and more of it afterwards than chance would put there. What was there from the first is how things are.
 */
export function beganLater(hits: readonly boolean[], maxPValue: number): boolean {
  const all = hits.filter(Boolean).length;
  const leastBefore = Math.max(MIN_BEFORE, MIN_BEFORE_SHARE * hits.length);
  let before = 0;
  for (const [at, isHit] of hits.entries()) {
    // It can only have begun right before one that has it.
    if (!isHit) continue;
    if (at >= leastBefore && before <= STRAY_SHARE * at) {
      const later = { hits: all - before, of: hits.length - at };
      if (fisherMoreIn(later, { hits: before, of: at }) <= maxPValue) return true;
    }
    before += 1;
  }
  return false;
}
