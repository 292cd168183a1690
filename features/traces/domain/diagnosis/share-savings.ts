import type { Analysis } from "./analysis";
import { type Candidate, sumOf } from "./candidate";
import { type Change, mergeChanges } from "./recompute-duration";

/** Less than this share of what a finding saves is rounding, not time that another saves too. */
const ROUNDING_SHARE = 0.02;

/**
 * Promises every microsecond once: each finding saves what the way is shorter still without it when all findings before it
 * are gone already (the way computed again without all of them), and never more than it saves alone. So the savings of all
 * findings together never exceed what the trace took. Ordered by that; what is told after another stays after it.
 */
export function shareSavings(ordered: readonly Candidate[], { journey }: Analysis): Candidate[] {
  const loud = ordered.filter(isLoud);
  const removed = loud.flatMap((one) => one.removed ?? []);
  const all = mergeChanges(removed.map(({ change }) => change));
  // One more computation tells for nearly all traces that nothing is promised twice.
  if (loud.length < 2 || sumOf(removed.map(({ wholeUs }) => wholeUs)) <= (1 + ROUNDING_SHARE) * journey.savedBy(all))
    return keepWithin(ordered, journey.durationUs);
  const changes: Change[] = [];
  let goneUs = 0;
  const shared = ordered.map((one) => {
    if (!isLoud(one) || one.removed === undefined) return one;
    changes.push(one.removed.change);
    const togetherUs = changes.length === 1 ? one.removed.wholeUs : journey.savedBy(mergeChanges(changes));
    const freshUs = Math.max(0, togetherUs - goneUs);
    goneUs = Math.max(goneUs, togetherUs);
    return limited(one, freshUs);
  });
  return inOrder(keepWithin(shared, journey.durationUs));
}

const isLoud = ({ severity, savesUs }: Candidate): boolean => severity !== "info" && savesUs > 0;

function limited(one: Candidate, mostUs: number): Candidate {
  const isShared = one.savesUs - mostUs > ROUNDING_SHARE * one.savesUs;
  return isShared
    ? { ...one, savesUs: mostUs, aloneUs: one.aloneUs ?? one.savesUs }
    : { ...one, savesUs: Math.min(one.savesUs, mostUs) };
}

/** What no change of the way says (a wait inside a span) is kept within what the others leave. */
function keepWithin(ordered: readonly Candidate[], durationUs: number): Candidate[] {
  let leftUs = durationUs;
  return ordered.map((one) => {
    if (!isLoud(one)) return one;
    const kept = limited(one, leftUs);
    leftUs -= kept.savesUs;
    return kept;
  });
}

function inOrder(findings: readonly Candidate[]): Candidate[] {
  let mostUs = Number.POSITIVE_INFINITY;
  const keyed = findings.map((one) => {
    mostUs = Math.min(one.isTold === true ? mostUs : Number.POSITIVE_INFINITY, one.savesUs);
    return { one, key: mostUs };
  });
  return keyed.sort((a, b) => b.key - a.key).map(({ one }) => one);
}
