import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";
import type { Claims } from "./claims";
import type { FindingKind } from "./finding";
import { pairWithInner } from "./inner-cause";
import { shareSavings } from "./share-savings";

/**
 * Of several explanations for the same time the one that says more wins where they save about the same: a loop says
 * more than a slow call, a slow call more than time nobody explains.
 */
const SAYS_MORE: Partial<Record<FindingKind, number>> = {
  // The last try stays: of two that took the same, only half is saved.
  retries: 2.2,
  "n-plus-one": 1.3,
  "queue-wait": 1.2,
  straggler: 1.18,
  // Side by side they still take as long as the longest: it must not be more than three fifths of them.
  "sequential-calls": 1.6,
  "slow-query": 1,
  "slow-external-call": 1,
  "heavy-span": 0.95,
  "unaccounted-time": 0.9,
};

/** Of its own time a candidate must bring this share that no better one has explained. */
const MIN_FRESH_SHARE = 0.5;
/** People read a few; what comes after the twelfth saves nothing anyone would notice. */
const MAX_FINDINGS = 12;

/**
 * Candidates that explain different time, by what they save. What is usual explains nothing that is not. Of a pattern and
 * the cause inside it, both are kept, the one that says more first.
 */
export function chooseFindings(candidates: readonly Candidate[], analysis: Analysis): Candidate[] {
  const afterOf = new Map(pairWithInner(analysis, candidates).map(({ first, second }) => [second, first]));
  const weight = (candidate: Candidate) =>
    candidate.savesUs * (SAYS_MORE[candidate.kind] ?? 1) * (candidate.severity === "info" ? 1e-6 : 1);
  const explained = new Float64Array(analysis.timeline.count);
  const chosen: Candidate[] = [];
  const seconds: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => weight(b) - weight(a))) {
    if (chosen.length + seconds.length === MAX_FINDINGS) break;
    if (afterOf.has(candidate)) {
      seconds.push(candidate);
      continue;
    }
    if (freshUs(candidate, explained) < MIN_FRESH_SHARE * candidate.claimedUs) continue;
    explain(candidate.claims, explained);
    if (candidate.alongside !== undefined) explain(candidate.alongside, explained);
    chosen.push(candidate);
  }
  const isUsual = ({ severity }: Candidate) => (severity === "info" ? 1 : 0);
  const ordered = chosen.sort((a, b) => isUsual(a) - isUsual(b) || b.savesUs - a.savesUs);
  const told = ordered.flatMap((first) => [first, ...followers(first, { seconds, afterOf })]);
  return shareSavings(told, analysis);
}

type Followers = { seconds: readonly Candidate[]; afterOf: ReadonlyMap<Candidate, Candidate> };

/** What is told after a candidate because it is about the same time, and what after that. */
function followers(first: Candidate, { seconds, afterOf }: Followers): Candidate[] {
  const told: Candidate[] = [];
  for (let at: Candidate | undefined = first; at !== undefined && told.length < MAX_FINDINGS; ) {
    const next: Candidate | undefined = seconds.find((second) => afterOf.get(second) === at && !told.includes(second));
    if (next !== undefined) told.push({ ...next, isTold: true });
    at = next;
  }
  return told;
}

/** A wait is nobody's work: nothing else explains it. */
function freshUs(candidate: Candidate, explained: Float64Array): number {
  let us = candidate.waitOf === undefined ? 0 : candidate.claimedUs;
  const { nodes, us: claimedUs } = candidate.claims;
  for (let at = 0; at < nodes.length; at += 1)
    us += Math.max(0, (claimedUs[at] ?? 0) - (explained[nodes[at] ?? 0] ?? 0));
  return us;
}

function explain({ nodes, us }: Claims, explained: Float64Array): void {
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] ?? 0;
    explained[node] = Math.max(us[at] ?? 0, explained[node] ?? 0);
  }
}
