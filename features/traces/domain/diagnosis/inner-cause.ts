import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";
import { longestOwnShare } from "./own-time";

/** From here on what lies inside a pattern explains it: the pattern says where, what is inside says why. */
const EXPLAINS_SHARE = 0.6;
/** One piece of a span's own time with so much of it is a pause in it; else the span as a whole worked longer. */
const ONE_PIECE_SHARE = 0.85;
/** Pairs looked at on each side, those that save most first: a reader sees twelve findings. */
const MAX_LOOKED_AT = 40;

/** `second` is about the same time as `first`, and is told after it. */
export type Pair = { first: Candidate; second: Candidate };

/**
 * Patterns of calls (a straggler, calls in a row) and the causes inside them. A step that usually is there, and now
 * waits for a cause of its own inside, is told by that cause: it names the service and the operation to look at. What is
 * new as a whole has nothing inside that is slower than it was, and what the answer of a call worked from end to end says
 * no more than that the call took long.
 */
export function pairWithInner(analysis: Analysis, candidates: readonly Candidate[]): Pair[] {
  const loud = candidates.filter(({ severity }) => severity !== "info").sort((a, b) => b.savesUs - a.savesUs);
  const patterns = loud.filter(({ kind }) => kind === "straggler" || kind === "sequential-calls");
  return patterns.slice(0, MAX_LOOKED_AT).flatMap((pattern) => {
    const inside = loud
      .slice(0, MAX_LOOKED_AT)
      .filter((other) => other !== pattern && isInside(other, pattern) && explains(other, pattern));
    const cause = inside.find((other) => !isWholeAnswer(analysis, other, pattern));
    if (cause !== undefined)
      return pattern.usual === undefined ? [{ first: pattern, second: cause }] : [{ first: cause, second: pattern }];
    return inside.filter((other) => explains(pattern, other)).map((second) => ({ first: pattern, second }));
  });
}

const explains = (one: Candidate, other: Candidate): boolean => explainedUs(one) >= EXPLAINS_SHARE * other.savesUs;

/** Of what is new all its time came with it, though not all of it would be saved. */
const explainedUs = ({ claimedUs, savesUs, usual }: Candidate): number =>
  usual === undefined ? Math.max(claimedUs, savesUs) : savesUs;

/** Whether all that a candidate is about is below the calls of a pattern, and not one of them. */
function isInside({ claims, nodes, waitOf }: Candidate, pattern: Candidate): boolean {
  if (waitOf !== undefined || claims.size > pattern.claims.size) return false;
  const calls = new Set(pattern.nodes);
  if (nodes.some((node) => calls.has(node))) return false;
  for (const node of claims.nodes) if (!pattern.claims.has(node)) return false;
  return true;
}

/** Whether a candidate is the own work of what answers a straggler's call, spread over all of it. */
function isWholeAnswer(analysis: Analysis, { kind, node }: Candidate, pattern: Candidate): boolean {
  if (pattern.kind !== "straggler" || (kind !== "unaccounted-time" && kind !== "heavy-span")) return false;
  if (analysis.timeline.parent[node] !== pattern.node) return false;
  return kind === "heavy-span" || longestOwnShare(analysis, node) < ONE_PIECE_SHARE;
}
