import type { Analysis } from "./analysis";
import { type Candidate, claimOwn, type Draft, sumOf, weigh } from "./candidate";
import { isTrifle, weighLoop } from "./find-loops";
import { eventInOwnTime, placeOfOwnTime } from "./own-time";
import { describeCalls, describeNode, nameNode, spell, times, under } from "./phrase";
import { hasAnswer, isCache, isCall, isQuery, type StepGroup } from "./step-groups";
import { mayHaveWaited } from "./waiting-spans";

/** Of a step done several times, the calls that take at least this share of its longest are the slow ones. */
const SLOW_SHARE = 0.5;

/**
 * Loops of similar calls, slow queries and other calls, heavy leaves, and time between the children of a span: each
 * step of the trace is one of them. What lies below a call of a loop is part of the loop.
 */
export function findSlowSteps(analysis: Analysis): Candidate[] {
  const { groups } = analysis;
  const isInLoop = new Uint8Array(groups.length);
  const found: (Candidate | undefined)[] = [];
  groups.forEach((group, index) => {
    if (group.parent !== -1 && isInLoop[group.parent] === 1) {
      isInLoop[index] = 1;
      return;
    }
    const loop = weighLoop(analysis, group.nodes);
    if (loop !== undefined) isInLoop[index] = 1;
    found.push(loop ?? weighStep(analysis, group));
  });
  return found.filter((candidate) => candidate !== undefined);
}

const rowOf = ({ timeline }: Analysis, node: number): number => timeline.rows[node] ?? 0;

function weighStep(analysis: Analysis, { nodes }: StepGroup): Candidate | undefined {
  const { ownUs, timeline, trace } = analysis;
  let longest = nodes[0] ?? 0;
  let maxUs = 0;
  let sumUs = 0;
  for (const node of nodes) {
    const us = ownUs[node] ?? 0;
    sumUs += us;
    if (us <= maxUs) continue;
    maxUs = us;
    longest = node;
  }
  if (isTrifle(analysis, sumUs) || analysis.isWaiting(longest)) return undefined;
  const row = rowOf(analysis, longest);
  const hasChildren = (timeline.subtreeEnd[longest] ?? 0) > longest + 1;
  const isAnswered = hasChildren && hasAnswer(trace, timeline, longest);
  if (isQuery(trace, row) && isCall(trace, row)) return weighCall(analysis, { kind: "slow-query", nodes, longest });
  if (isCall(trace, row) && !isAnswered) return weighCall(analysis, { kind: "slow-external-call", nodes, longest });
  return weighOwnWork(analysis, { kind: hasChildren ? "unaccounted-time" : "heavy-span", nodes, longest });
}

type Step<K> = { kind: K; nodes: readonly number[]; longest: number };

function weighCall(analysis: Analysis, { kind, nodes, longest }: Step<"slow-query" | "slow-external-call">) {
  const { ownUs } = analysis;
  const slow = nodes.filter((node) => (ownUs[node] ?? 0) >= SLOW_SHARE * (ownUs[longest] ?? 0));
  const history = analysis.usual.of(rowOf(analysis, longest), "callUs");
  const usualUs = history.state === "known" ? history.usual.p50Us : 0;
  const claims = claimOwn(analysis, slow);
  const what = slow.length === 1 ? describeNode(analysis, longest) : describeCalls(analysis, slow);
  const often = slow.length === 1 ? "" : ` in ${slow.length} calls`;
  const draft: Draft = {
    kind,
    node: longest,
    nodes: slow,
    claims,
    change: { shortened: [{ nodes: slow, toUs: usualUs }] },
    measuredUs: sumOf(slow.map(analysis.durationUs)) / slow.length,
    history,
    sentence: `${what} took ${spell(claims.sumUs)}${often}${under(analysis, longest)}.`,
    clause: `${isCache(analysis.trace, rowOf(analysis, longest)) ? what : nameNode(analysis, longest)}${often}`,
  };
  // The excess of one call counts once per call.
  return weigh(analysis, scaleHistory(draft, slow.length));
}

/** Compares the sum of `count` calls with as many usual ones. */
function scaleHistory(draft: Draft, count: number): Draft {
  if (count === 1 || draft.history.state !== "known") return draft;
  const { usual } = draft.history;
  const scaled = { ...usual, p50Us: usual.p50Us * count, p95Us: usual.p95Us * count };
  const { p75Us, mostUs } = draft.history;
  const history = { ...draft.history, usual: scaled, p75Us: p75Us * count, mostUs: mostUs * count };
  return { ...draft, measuredUs: draft.measuredUs * count, history };
}

function weighOwnWork(analysis: Analysis, { kind, nodes, longest }: Step<"unaccounted-time" | "heavy-span">) {
  // Where spans are missing, the time of a parent is theirs for all anybody knows.
  const working = nodes.filter((node) => (analysis.ownUs[node] ?? 0) > 0 && !analysis.timeline.hosts.has(node));
  if (working.length === 0) return undefined;
  const claims = claimOwn(analysis, working);
  const ownUs = claims.sumUs;
  const name = nameNode(analysis, longest);
  const isLeaf = kind === "heavy-span";
  const history = analysis.usual.of(rowOf(analysis, longest), "ownUs");
  const candidate = weigh(analysis, {
    kind,
    node: longest,
    nodes: working,
    claims,
    change: isLeaf ? { shortened: [{ nodes: working, toUs: 0 }] } : { withoutOwnWork: new Set(working) },
    measuredUs: ownUs,
    history,
    sentence: ownWorkSentence(analysis, { nodes: working, longest, ownUs, isLeaf }),
    clause: isLeaf ? `${name} itself` : `${name} ${placeOfOwnTime(analysis, longest)}, unaccounted for`,
  });
  const isGuess = isLeaf && history.state === "none" && mayHaveWaited(analysis.trace, rowOf(analysis, longest));
  return isGuess && candidate?.severity === "critical" ? { ...candidate, severity: "warning" as const } : candidate;
}

type OwnWork = { nodes: readonly number[]; longest: number; ownUs: number; isLeaf: boolean };

function ownWorkSentence(analysis: Analysis, { nodes, longest, ownUs, isLeaf }: OwnWork): string {
  const name = nameNode(analysis, longest);
  const isOne = nodes.length === 1;
  const event = isOne ? eventInOwnTime(analysis, longest) : undefined;
  const silence = event === undefined ? "" : `, but an event there says "${event}"`;
  if (isLeaf && isOne) return `${name} took ${spell(ownUs)} itself; no span below it says what for${silence}.`;
  if (isLeaf) return `${times(nodes.length)} ${name} took ${spell(ownUs)} together; no span below them says what for.`;
  const where = placeOfOwnTime(analysis, longest);
  if (isOne) return `${spell(ownUs)} of ${name} passed ${where}; no span says on what${silence}.`;
  return `${spell(ownUs)} passed in ${times(nodes.length)} ${name}, ${where}; no span says on what.`;
}
