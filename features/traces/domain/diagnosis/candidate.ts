import type { Analysis } from "./analysis";
import { Claims } from "./claims";
import type { FindingKind, Severity } from "./finding";
import type { Change } from "./recompute-duration";
import { CRITICAL, PLAIN_LOOP, THRESHOLDS, unusualThreshold } from "./thresholds";
import { type History, isUnusual, isUnusualByItself, type UsualOfStep } from "./usual";

export type TimedKind = keyof typeof THRESHOLDS;

/** A cause that would save time, before it is weighed against the others. */
export type Candidate = {
  kind: FindingKind;
  /** Whose service and operation the finding names. */
  node: number;
  /** The evidence, by start. */
  nodes: number[];
  /** Which own work of the journey it explains, by node. */
  claims: Claims;
  /** Own work that comes with it, by node: explained, but no part of its time. */
  alongside?: Claims;
  /** The wait it explains, by the consumer's node. */
  waitOf?: number;
  claimedUs: number;
  /** On top of what the findings before it save. */
  savesUs: number;
  /** By itself, where findings before it save a part of that too. */
  aloneUs?: number;
  /** What would be different without it, and what that saves; nothing where no change of the way says so. */
  removed?: { change: Change; wholeUs: number };
  severity: Severity;
  usual?: UsualOfStep;
  /** The third quartile of its usual, where it is above that and not above the 95th percentile: others were in trouble too. */
  quartileUs?: number;
  /** Longer than usual, as was the rest of the trace. */
  isInStep?: boolean;
  /** Passed before the trace began: without it the trace would take as long. */
  isBefore?: boolean;
  /** About the same time as the finding before it: no part of the sum. */
  isTold?: boolean;
  /** The sentence, but for what it saves and what is usual. */
  sentence: string;
  /** The clause of the verdict. */
  clause: string;
};

export type Draft = Omit<
  Candidate,
  | "severity"
  | "savesUs"
  | "aloneUs"
  | "removed"
  | "usual"
  | "quartileUs"
  | "isInStep"
  | "isBefore"
  | "isTold"
  | "claimedUs"
  | "kind"
> & {
  kind: TimedKind;
  change: Change;
  /** What the step took, and what history says of that. */
  measuredUs: number;
  history: History;
  claimedUs?: number;
  /** What the step does otherwise than it used to shows in more than its time. */
  isProven?: boolean;
  /** Done several at a time: somebody meant to do it often. */
  isMeant?: boolean;
  /** Where a change cannot say it: what the draft would save. */
  savedUs?: number;
};

/**
 * Weighs a draft: what it saves by the journey computed again, and against history at most what it takes more than
 * usual. Undefined below the thresholds. What is as usual is told, but only as information, and saves nothing: the rest is
 * jitter.
 */
export function weigh(
  analysis: Analysis,
  { change, measuredUs, history, savedUs, isProven = false, ...told }: Draft,
): Candidate | undefined {
  const { durationUs } = analysis.journey;
  const { isMeant = false, ...draft } = told;
  const claimedUs = draft.claimedUs ?? draft.claims.sumUs;
  const minimum = THRESHOLDS[draft.kind];
  const unusual = isProven || isUnusual(measuredUs, history);
  const { savesUs: leastUs, share } = unusual === true ? unusualThreshold(draft.kind) : minimum;
  // Computing the journey again is what costs: nothing saves more than it takes.
  if (claimedUs < Math.min(leastUs, minimum.savesUs) || durationUs === 0) return undefined;
  const wholeUs = savedUs ?? analysis.journey.savedBy(change);
  const isUsual = unusual === false && !isPlainLoop(told, { wholeUs, durationUs });
  const savesUs = isUsual ? 0 : excessOf({ wholeUs, measuredUs, history, unusual });
  const toldUs = isUsual ? wholeUs : savesUs;
  if (toldUs < Math.min(leastUs, minimum.savesUs) || toldUs < share * durationUs) return undefined;
  const severity = isUsual ? "info" : severityOf(savesUs, durationUs);
  const isInStep = isUsual && isUnusualByItself(measuredUs, history) === true;
  const removed = savedUs === undefined ? { change, wholeUs } : undefined;
  return {
    ...draft,
    ...(removed && { removed }),
    claimedUs,
    savesUs,
    severity,
    isInStep,
    ...usualOf(history, measuredUs, unusual === true),
  };
}

function usualOf(history: History, measuredUs: number, isUnusual: boolean): Pick<Candidate, "usual" | "quartileUs"> {
  if (history.state !== "known") return {};
  const { p75Us, usual } = history;
  return isUnusual && measuredUs <= usual.p95Us ? { usual, quartileUs: p75Us } : { usual };
}

/** Against history at most what is more than usual; of a loop that is as long as ever all of it. */
function excessOf({
  wholeUs,
  measuredUs,
  history,
  unusual,
}: Pick<Draft, "measuredUs" | "history"> & { wholeUs: number; unusual: boolean | undefined }): number {
  if (history.state !== "known" || unusual === false) return wholeUs;
  return Math.min(wholeUs, Math.max(0, measuredUs - history.usual.p50Us));
}

/** A long loop is one whether or not yesterday's requests had it too. */
function isPlainLoop(
  { kind, nodes, isMeant = false }: Pick<Draft, "kind" | "nodes" | "isMeant">,
  { wholeUs, durationUs }: Record<"wholeUs" | "durationUs", number>,
): boolean {
  const { calls, savesUs, share } = PLAIN_LOOP;
  return (
    kind === "n-plus-one" && !isMeant && nodes.length >= calls && wholeUs >= savesUs && wholeUs >= share * durationUs
  );
}

export function severityOf(savesUs: number, durationUs: number): Severity {
  return savesUs >= CRITICAL.savesUs && savesUs >= CRITICAL.share * durationUs ? "critical" : "warning";
}

export const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

/** The journey's time in nodes and all below them. */
export function claimSubtrees({ timeline, ownUs }: Analysis, nodes: Iterable<number>): Claims {
  const claims = new Claims();
  for (const top of nodes) {
    const end = timeline.subtreeEnd[top] ?? 0;
    for (let node = top; node < end; node += 1) claims.add(node, ownUs[node] ?? 0);
  }
  return claims;
}

/** The journey's time in the nodes' own work. */
export function claimOwn({ ownUs }: Analysis, nodes: readonly number[]): Claims {
  const claims = new Claims();
  for (const node of nodes) claims.add(node, ownUs[node] ?? 0);
  return claims;
}
