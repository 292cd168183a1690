import type { Analysis } from "./analysis";
import { type Candidate, claimOwn, sumOf, weigh } from "./candidate";
import { isTrifle } from "./find-loops";
import { describeNode, nameNode, spell } from "./phrase";
import { hasAnswer, isCall, isQuery } from "./step-groups";
import { MIN_REPEATED_CALLS, UNUSUAL_THRESHOLD } from "./thresholds";
import { unionUs } from "./union-us";
import { isUnusual } from "./usual";

/** Of a step done several times, those that take at least this share of its longest are the slow ones. */
const SLOW_SHARE = 0.5;
/** Steps whose longest is less than this share of the longest of all beside them are not what the time went to. */
const BESIDE_SHARE = 0.3;
/** On average so many at a time; fewer ran one after another, and each is judged by itself. */
const MIN_AT_A_TIME = 1.5;
/** Together they save so many times what the longest does alone; else it is the cause. */
const TOGETHER_FACTOR = 1.3;
/** Steps looked at, those with the most time first: more side by side are no one's cause. */
const MAX_STEPS = 40;
/** Of a step with more spans than this nobody looks for those beside each other; a loop of so many is one already. */
const MAX_SPANS = 5_000;
/** Steps beside each other share this part of the shorter one's time. */
const OVERLAP_SHARE = 0.5;
/** Systems that must be slow at once before what they share is blamed, and how alike their excess is. */
const MIN_SYSTEMS = 3;
const ALIKE_FACTOR = 1.6;
/** Spans looked at for names and systems. */
const MAX_NAMED = 50;

/** The slow spans of one step, by start. */
type Slow = { nodes: number[]; longest: number; usualUs: number; sumUs: number; fromUs: number; toUs: number };

/**
 * Steps that were slow at the same time. Without one of them the others would have taken just as long, so that none saves
 * anything by itself; they are judged by what they save together.
 */
export function findTogether(analysis: Analysis): Candidate[] {
  const slow = analysis.groups
    .flatMap(({ nodes }) => slowOf(analysis, nodes) ?? [])
    .sort((a, b) => b.sumUs - a.sumUs)
    .slice(0, MAX_STEPS);
  return gather(slow)
    .map((steps) => withoutShort(analysis, steps))
    .map((steps) => weighTogether(analysis, steps))
    .filter((candidate) => candidate !== undefined);
}

function slowOf(analysis: Analysis, nodes: readonly number[]): Slow | undefined {
  const { durationUs, timeline, usual } = analysis;
  const [first] = nodes;
  if (first === undefined || first === 0 || nodes.length > MAX_SPANS) return undefined;
  const { longest, wholeUs, pathUs } = sumUp(analysis, nodes);
  if (isTrifle(analysis, wholeUs) || !isLast(analysis, longest) || analysis.isWaiting(longest)) return undefined;
  // One after another: a loop, or calls that are each judged by themselves.
  if (nodes.length >= MIN_REPEATED_CALLS && wholeUs < MIN_AT_A_TIME * pathUs) return undefined;
  const history = usual.of(timeline.rows[longest] ?? 0, "callUs");
  if (usual.has && isUnusual(durationUs(longest), history) !== true) return undefined;
  const those = nodes.filter((node) => durationUs(node) >= SLOW_SHARE * durationUs(longest));
  return {
    nodes: those,
    longest,
    usualUs: history.state === "known" ? history.usual.p50Us : 0,
    sumUs: sumOf(those.map(durationUs)),
    fromUs: those.reduce((min, node) => Math.min(min, timeline.startUs[node] ?? 0), Number.POSITIVE_INFINITY),
    toUs: those.reduce((max, node) => Math.max(max, timeline.endUs[node] ?? 0), 0),
  };
}

/** A loop over typed columns: a step may have thousands of spans. */
function sumUp({ ownUs, timeline }: Analysis, nodes: readonly number[]) {
  let longest = nodes[0] ?? 0;
  let [wholeUs, pathUs, longestUs] = [0, 0, -1];
  for (const node of nodes) {
    const us = (timeline.endUs[node] ?? 0) - (timeline.startUs[node] ?? 0);
    wholeUs += us;
    pathUs += ownUs[node] ?? 0;
    if (us <= longestUs) continue;
    longestUs = us;
    longest = node;
  }
  return { longest, wholeUs, pathUs };
}

/** Whether the time of a span is its own, as far as the trace tells: a leaf, or a call nobody answers in it. */
function isLast(analysis: Analysis, node: number): boolean {
  const { timeline, trace } = analysis;
  if ((timeline.subtreeEnd[node] ?? 0) === node + 1) return true;
  return isCall(trace, timeline.rows[node] ?? 0) && !hasAnswer(trace, timeline, node);
}

/** Steps by the time they share, those with the most time first. */
function gather(slow: readonly Slow[]): Slow[][] {
  const gathered: Slow[][] = [];
  for (const step of slow) {
    const beside = gathered.find((steps) => steps.some((other) => areBeside(step, other)));
    if (beside === undefined) gathered.push([step]);
    else beside.push(step);
  }
  return gathered;
}

function areBeside(a: Slow, b: Slow): boolean {
  const sharedUs = Math.min(a.toUs, b.toUs) - Math.max(a.fromUs, b.fromUs);
  return sharedUs > OVERLAP_SHARE * Math.min(a.toUs - a.fromUs, b.toUs - b.fromUs);
}

function withoutShort({ durationUs }: Analysis, steps: readonly Slow[]): Slow[] {
  const longestUs = steps.reduce((max, { longest }) => Math.max(max, durationUs(longest)), 0);
  return steps.filter(({ longest }) => durationUs(longest) >= BESIDE_SHARE * longestUs);
}

function weighTogether(analysis: Analysis, steps: readonly Slow[]): Candidate | undefined {
  const { durationUs, journey, timeline, trace } = analysis;
  const count = sumOf(steps.map((step) => step.nodes.length));
  const sumUs = sumOf(steps.map((step) => step.sumUs));
  const pathUs = sumOf(
    steps.map(({ nodes: those }) => those.reduce((sum, node) => sum + (analysis.ownUs[node] ?? 0), 0)),
  );
  // What is on the path ran at different times: a loop is seen to be one without looking at each call twice.
  if (count < 2 || sumUs < MIN_AT_A_TIME * pathUs || isTrifle(analysis, pathUs)) return undefined;
  const nodes = steps.flatMap((step) => step.nodes).sort((one, other) => one - other);
  const elapsedUs = unionUs(analysis, nodes);
  if (sumUs < MIN_AT_A_TIME * elapsedUs) return undefined;
  const claims = claimOwn(analysis, nodes);
  const longest = steps.reduce((a, b) => (durationUs(b.longest) > durationUs(a.longest) ? b : a));
  const shortened = steps.map((step) => ({ nodes: step.nodes, toUs: step.usualUs }));
  const savedUs = journey.savedBy({ shortened });
  const aloneUs = journey.savedBy({ shortened: [{ nodes: [longest.longest], toUs: longest.usualUs }] });
  if (savedUs < TOGETHER_FACTOR * aloneUs || savedUs - aloneUs < UNUSUAL_THRESHOLD.savesUs) return undefined;
  const kind = kindOf(analysis, nodes);
  const node =
    kind === kindOf(analysis, [longest.longest])
      ? longest.longest
      : (nodes.find((one) => kindOf(analysis, [one]) === kind) ?? longest.longest);
  const what = isCall(trace, timeline.rows[node] ?? 0)
    ? "calls"
    : steps.length === 1
      ? `× ${nameNode(analysis, node)}`
      : "steps";
  return weigh(analysis, {
    kind,
    node,
    nodes,
    claims,
    change: { shortened },
    measuredUs: elapsedUs,
    history: analysis.usual.of(timeline.rows[longest.longest] ?? 0, "callUs"),
    sentence: `${nodes.length} ${what} side by side${namesOf(analysis, nodes, what)} took ${spell(elapsedUs)}${timesUsual(analysis, steps)}. One of them alone saves little: the others take as long.${sharedWords(analysis, nodes, steps)}`,
    clause: `${nodes.length} ${what} side by side`,
  });
}

/** Names a sentence gives as examples. */
const MAX_NAMES = 3;

function namesOf(analysis: Analysis, nodes: readonly number[], what: string): string {
  if (what.startsWith("×")) return "";
  const names = [...new Set(nodes.slice(0, MAX_NAMED).map((node) => describeNode(analysis, node)))];
  return ` (${names.slice(0, MAX_NAMES).join(", ")}${names.length > MAX_NAMES ? ", …" : ""})`;
}

type Kind = "slow-query" | "slow-external-call" | "heavy-span";

/** What most of the time went to. */
function kindOf({ durationUs, timeline, trace }: Analysis, nodes: readonly number[]): Kind {
  const sums: Record<Kind, number> = { "slow-query": 0, "slow-external-call": 0, "heavy-span": 0 };
  for (const node of nodes) {
    const row = timeline.rows[node] ?? 0;
    const kind = !isCall(trace, row) ? "heavy-span" : isQuery(trace, row) ? "slow-query" : "slow-external-call";
    sums[kind] += durationUs(node);
  }
  return (Object.keys(sums) as Kind[]).reduce((a, b) => (sums[b] > sums[a] ? b : a));
}

function timesUsual({ durationUs }: Analysis, steps: readonly Slow[]): string {
  const ratios = steps
    .flatMap(({ longest, usualUs }) => (usualUs === 0 ? [] : [durationUs(longest) / usualUs]))
    .sort((a, b) => a - b);
  const middle = ratios[Math.floor((ratios.length - 1) / 2)];
  if (middle === undefined) return "";
  return `, each about ${middle >= 9.5 ? Math.round(middle) : middle.toFixed(1)} times its usual`;
}

/** Several systems that are all as late as each other have something in common. */
function sharedWords(analysis: Analysis, nodes: readonly number[], steps: readonly Slow[]): string {
  const { durationUs, timeline, trace } = analysis;
  const calls = nodes.slice(0, MAX_NAMED).filter((node) => isCall(trace, timeline.rows[node] ?? 0));
  const systems = new Set(calls.map((node) => systemOf(analysis, node))).size;
  const usualUs = Math.max(...steps.map((step) => step.usualUs));
  const excess = calls.map((node) => durationUs(node) - usualUs);
  if (systems < MIN_SYSTEMS || Math.max(...excess) > ALIKE_FACTOR * Math.min(...excess)) return "";
  return ` They went to ${systems} different systems: what they share, this process or its network, is likelier than each of them.`;
}

/** Whom a call waits for: its peer, or else the host of its address. */
function systemOf({ text, timeline, trace }: Analysis, node: number): string {
  const wait = trace.waits[trace.waitIndex[timeline.rows[node] ?? 0] ?? 0] ?? "";
  return wait === "" ? (/\/\/([^/?#]+)/.exec(text(node).detail)?.[1] ?? "") : wait;
}
