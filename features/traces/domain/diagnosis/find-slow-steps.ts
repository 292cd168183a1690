import { SPAN_KINDS } from "../trace-skeleton";
import { type Analysis, childrenOf } from "./analysis";
import { type Candidate, claimOwn, claimSubtrees, type Draft, sumOf, weigh } from "./candidate";
import { ownBetween } from "./find-retries";
import { describeNode, nameNode, spell, times, under } from "./phrase";
import { isCall, isQuery, type StepGroup } from "./step-groups";
import { MIN_REPEATED_CALLS, ONE_CALL_SHARE, SEQUENTIAL_SHARE, UNUSUAL_FACTOR, UNUSUAL_THRESHOLD } from "./thresholds";
import { isUnusual } from "./usual";

const SERVER = SPAN_KINDS.indexOf("server");

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
    const loop = weighLoop(analysis, group);
    if (loop !== undefined) isInLoop[index] = 1;
    found.push(loop ?? weighStep(analysis, group));
  });
  return found.filter((candidate) => candidate !== undefined);
}

const rowOf = ({ timeline }: Analysis, node: number): number => timeline.rows[node] ?? 0;

const isTrifle = ({ journey }: Analysis, us: number): boolean =>
  us < UNUSUAL_THRESHOLD.savesUs || us < UNUSUAL_THRESHOLD.share * journey.durationUs;

function weighLoop(analysis: Analysis, { nodes }: StepGroup): Candidate | undefined {
  const [first] = nodes;
  if (first === undefined || nodes.length < MIN_REPEATED_CALLS || !isCall(analysis.trace, rowOf(analysis, first)))
    return;
  const within = nodes.map(analysis.withinUs);
  const pathUs = sumOf(within);
  if (isTrifle(analysis, pathUs) || pathUs < SEQUENTIAL_SHARE * sumOf(nodes.map(analysis.durationUs))) return;
  if (within.some((us) => us >= ONE_CALL_SHARE * pathUs)) return;
  const history = analysis.usual.of(rowOf(analysis, first), "totalUs");
  if (history.state === "known" && nodes.length <= history.calls.p95 * UNUSUAL_FACTOR && isEachSlow(analysis, nodes))
    return;
  const what = describeNode(analysis, first);
  const where = under(analysis, first);
  return weigh(analysis, {
    kind: "n-plus-one",
    node: first,
    nodes,
    claims: claimLoop(analysis, nodes),
    change: { shortened: new Map(nodes.slice(1).map((node) => [node, 0])) },
    measuredUs: sumOf(nodes.map(analysis.durationUs)),
    history,
    sentence: `${times(nodes.length)} ${what} one after another${where}: one call for all of them would do.`,
    clause: `${times(nodes.length)} ${nameNode(analysis, first)}${where} (N+1)`,
  });
}

/**
 * The calls, and what their parent does between them to send one and read another: not time nobody explains. Where that
 * is more than the calls themselves it is work of its own.
 */
function claimLoop(analysis: Analysis, nodes: readonly number[]): Map<number, number> {
  const { timeline } = analysis;
  const claims = claimSubtrees(analysis, nodes);
  const parent = timeline.parent[nodes[0] ?? 0] ?? -1;
  if (parent === -1 || nodes.some((node) => timeline.parent[node] !== parent)) return claims;
  const fromUs = timeline.startUs[nodes[0] ?? 0] ?? 0;
  const betweenUs = ownBetween(analysis, parent, fromUs, timeline.endUs[nodes.at(-1) ?? 0] ?? 0);
  if (betweenUs > 0 && betweenUs <= sumOf(claims.values())) claims.set(parent, betweenUs);
  return claims;
}

/** As many calls as ever, each of them slower: slow calls, not a loop that grew. */
function isEachSlow(analysis: Analysis, nodes: readonly number[]): boolean {
  const slow = nodes.filter(
    (node) => isUnusual(analysis.durationUs(node), analysis.usual.of(rowOf(analysis, node), "callUs")) === true,
  );
  return slow.length >= nodes.length / 2;
}

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
  if (isTrifle(analysis, sumUs)) return undefined;
  const row = rowOf(analysis, longest);
  const hasChildren = (timeline.subtreeEnd[longest] ?? 0) > longest + 1;
  const isAnswered = hasChildren && hasAnswer(analysis, longest);
  if (isQuery(trace, row) && isCall(trace, row)) return weighCall(analysis, { kind: "slow-query", nodes, longest });
  if (isCall(trace, row) && !isAnswered) return weighCall(analysis, { kind: "slow-external-call", nodes, longest });
  return weighOwnWork(analysis, { kind: hasChildren ? "unaccounted-time" : "heavy-span", nodes, longest });
}

/** Whether a child runs in the system called; spans of looking up its address and connecting to it do not. */
function hasAnswer(analysis: Analysis, node: number): boolean {
  const { timeline, trace } = analysis;
  const service = trace.serviceIndex[rowOf(analysis, node)];
  return childrenOf(timeline, node).some((child) => {
    const row = rowOf(analysis, child);
    return trace.kind[row] === SERVER || trace.serviceIndex[row] !== service;
  });
}

type Step<K> = { kind: K; nodes: readonly number[]; longest: number };

function weighCall(analysis: Analysis, { kind, nodes, longest }: Step<"slow-query" | "slow-external-call">) {
  const { ownUs } = analysis;
  const slow = nodes.filter((node) => (ownUs[node] ?? 0) >= SLOW_SHARE * (ownUs[longest] ?? 0));
  const history = analysis.usual.of(rowOf(analysis, longest), "callUs");
  const usualUs = history.state === "known" ? history.usual.p50Us : 0;
  const claims = claimOwn(analysis, slow);
  const what = describeNode(analysis, longest);
  const often = slow.length === 1 ? "" : ` in ${slow.length} calls`;
  const draft: Draft = {
    kind,
    node: longest,
    nodes: slow,
    claims,
    change: { shortened: new Map(slow.map((node) => [node, usualUs])) },
    measuredUs: sumOf(slow.map(analysis.durationUs)) / slow.length,
    history,
    sentence: `${what} took ${spell(sumOf(claims.values()))}${often}${under(analysis, longest)}.`,
    clause: `${nameNode(analysis, longest)}${often}`,
  };
  // The excess of one call counts once per call.
  return weigh(analysis, scaleHistory(draft, slow.length));
}

/** Compares the sum of `count` calls with as many usual ones. */
function scaleHistory(draft: Draft, count: number): Draft {
  if (count === 1 || draft.history.state !== "known") return draft;
  const { usual } = draft.history;
  const scaled = { ...usual, p50Us: usual.p50Us * count, p95Us: usual.p95Us * count };
  const history = { ...draft.history, usual: scaled, p75Us: draft.history.p75Us * count };
  return { ...draft, measuredUs: draft.measuredUs * count, history };
}

function weighOwnWork(analysis: Analysis, { kind, nodes, longest }: Step<"unaccounted-time" | "heavy-span">) {
  // Where spans are missing, the time of a parent is theirs for all anybody knows.
  const working = nodes.filter((node) => (analysis.ownUs[node] ?? 0) > 0 && !analysis.timeline.hosts.has(node));
  if (working.length === 0) return undefined;
  const claims = claimOwn(analysis, working);
  const ownUs = sumOf(claims.values());
  const name = nameNode(analysis, longest);
  const often = working.length === 1 ? "" : ` in ${times(working.length)}`;
  const isLeaf = kind === "heavy-span";
  return weigh(analysis, {
    kind,
    node: longest,
    nodes: working,
    claims,
    change: isLeaf
      ? { shortened: new Map(working.map((node) => [node, 0])) }
      : { shortened: new Map(), withoutOwnWork: new Set(working) },
    measuredUs: ownUs,
    history: analysis.usual.of(rowOf(analysis, longest), "ownUs"),
    sentence: isLeaf
      ? `${name} worked for ${spell(ownUs)}${often} itself; no span below it says on what.`
      : `${spell(ownUs)}${often} of ${name} passed between or after its children; no span says on what.`,
    clause: isLeaf ? `${name} itself` : `${name} between its children, unaccounted for`,
  });
}
