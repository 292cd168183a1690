import { type Analysis, waitedChildrenOf } from "./analysis";
import { type Candidate, claimSubtrees, sumOf, weigh } from "./candidate";
import { findNoLongerBeside } from "./find-no-longer-beside";
import { callBelow } from "./find-retries";
import { describeNode, nameNode, spell, times } from "./phrase";
import { isCall } from "./step-groups";
import {
  MIN_PARALLEL_SIBLINGS,
  MIN_REPEATED_CALLS,
  MIN_SEQUENTIAL_CALLS,
  STRAGGLER_FACTOR,
  UNUSUAL_THRESHOLD,
} from "./thresholds";
import { type History, isUnusual, type Measure } from "./usual";

/** Calls side by side of which one decides the end, and calls in a row that look as if they could be side by side. */
export function findConcurrency(analysis: Analysis): Candidate[] {
  const { timeline } = analysis;
  const found: (Candidate | undefined)[] = [];
  const leastUs = Math.max(UNUSUAL_THRESHOLD.savesUs, UNUSUAL_THRESHOLD.share * analysis.journey.durationUs);
  for (let node = 0; node < timeline.count; node += 1) {
    // Nothing below can save more than the journey spends there.
    if (analysis.withinUs(node) < leastUs || !hasSeveral(timeline, node)) continue;
    const children = waitedChildrenOf(timeline, node);
    found.push(findNoLongerBeside(analysis, node, children));
    if (children.length < MIN_PARALLEL_SIBLINGS + 1) continue;
    found.push(...longestOf(analysis, children).map((child) => weighStraggler(analysis, child, children)));
    found.push(...sequences(analysis, children).map((run) => weighSequence(analysis, node, run)));
  }
  return found.filter((candidate) => candidate !== undefined);
}

/** Whether a node has as many children as any of the patterns takes. */
function hasSeveral({ subtreeEnd }: Analysis["timeline"], node: number): boolean {
  const end = subtreeEnd[node] ?? 0;
  let child = node + 1;
  for (let count = 1; count < MIN_PARALLEL_SIBLINGS; count += 1) child = subtreeEnd[child] ?? end;
  return child < end;
}

/** Children looked at for being stragglers; of more than a few no single one decides. */
const MAX_STRAGGLERS = 5;

function longestOf({ withinUs }: Analysis, children: readonly number[]): number[] {
  // Kept in order as they come: sorting 100,000 children took 40 ms.
  const longest: { child: number; us: number }[] = [];
  for (const child of children) {
    const us = withinUs(child);
    const last = longest[MAX_STRAGGLERS - 1];
    if (last !== undefined && us <= last.us) continue;
    const place = longest.findIndex((other) => other.us < us);
    longest.splice(place === -1 ? longest.length : place, 0, { child, us });
    longest.length = Math.min(longest.length, MAX_STRAGGLERS);
  }
  return longest.map(({ child }) => child);
}

function weighStraggler(analysis: Analysis, node: number, siblings: readonly number[]): Candidate | undefined {
  const { timeline } = analysis;
  if (analysis.withinUs(node) < UNUSUAL_THRESHOLD.savesUs) return undefined;
  const startUs = timeline.startUs[node] ?? 0;
  const endUs = timeline.endUs[node] ?? 0;
  const beside: number[] = [];
  for (const other of siblings) {
    const [from, to] = [timeline.startUs[other] ?? 0, timeline.endUs[other] ?? 0];
    const overlapUs = Math.min(endUs, to) - Math.max(startUs, from);
    if (other !== node && overlapUs > 0 && overlapUs >= (to - from) / 2) beside.push(other);
  }
  if (beside.length < MIN_PARALLEL_SIBLINGS || !isFanOut(analysis, beside)) return undefined;
  // Typed columns sort by themselves: with a comparison it took 30 ms for 100,000.
  const durations = Float64Array.from(beside, analysis.durationUs).sort();
  const medianUs = durations[Math.floor((durations.length - 1) / 2)] ?? 0;
  if (analysis.durationUs(node) < STRAGGLER_FACTOR * medianUs) return undefined;
  const culprit = callBelow(analysis, node);
  return weigh(analysis, {
    kind: "straggler",
    node: culprit,
    nodes: [culprit],
    claims: claimSubtrees(analysis, [node]),
    change: { shortened: [{ nodes: [node], toUs: medianUs }] },
    measuredUs: analysis.durationUs(culprit),
    history: analysis.usual.of(timeline.rows[culprit] ?? 0, "callUs"),
    sentence: `${describeNode(analysis, culprit)} took ${spell(analysis.durationUs(node))} beside ${beside.length} others that took ${spell(medianUs)} in the middle: everything waited for this one.`,
    clause: `${nameNode(analysis, culprit)}, the last of ${beside.length + 1} side by side`,
  });
}

/** Side by side, not a sequence that happens to run beside a long call: at least two of them at once. */
function isFanOut({ timeline }: Analysis, nodes: readonly number[]): boolean {
  let reached = Number.NEGATIVE_INFINITY;
  return nodes.some((node) => {
    const overlaps = (timeline.startUs[node] ?? 0) < reached;
    reached = Math.max(reached, timeline.endUs[node] ?? 0);
    return overlaps;
  });
}

/** Pauses between calls that fit in a row: longer ones were spent on making the next call out of the last answer. */
const MAX_PAUSE_US = 10_000;
const MAX_PAUSE_SHARE = 0.25;
/** Of calls that history does not know: that they are new says more than how close they stand. */
const MAX_NEW_PAUSE_SHARE = 0.5;
/** Calls below this share of the longest of their row are bookkeeping in between. */
const MIN_CALL_SHARE = 0.15;
/** One call with more of its row's time than this is a slow call. */
const MAX_LONGEST_SHARE = 0.7;

/** Of a run this share of its calls must differ. */
const MIN_VARIED_SHARE = 0.6;

/** Runs of calls, each starting soon after the one before it ended, with different targets or statements. */
function sequences(analysis: Analysis, children: readonly number[]): number[][] {
  const { timeline, trace, usual } = analysis;
  const pauseShare = usual.has ? MAX_NEW_PAUSE_SHARE : MAX_PAUSE_SHARE;
  const runs: number[][] = [];
  let run: number[] = [];
  for (const child of children) {
    const isOne = isCall(trace, timeline.rows[callBelow(analysis, child)] ?? 0) && analysis.withinUs(child) > 0;
    if (!isOne) continue;
    const last = run.at(-1);
    const pauseUs = last === undefined ? 0 : (timeline.startUs[child] ?? 0) - (timeline.endUs[last] ?? 0);
    const longestPauseUs = Math.max(MAX_PAUSE_US, pauseShare * analysis.durationUs(last ?? child));
    if (pauseUs < 0 || pauseUs > longestPauseUs) {
      runs.push(run);
      run = [];
    }
    run.push(child);
  }
  return [...runs, run].map((all) => withoutTrifles(analysis, all)).filter((calls) => isIndependent(analysis, calls));
}

function withoutTrifles(analysis: Analysis, run: readonly number[]): number[] {
  const longestUs = run.reduce((max, node) => Math.max(max, analysis.durationUs(node)), 0);
  return run.filter((node) => analysis.durationUs(node) >= MIN_CALL_SHARE * longestUs);
}

/** As far as can be seen: all different, none of them most of the time. */
function isIndependent(analysis: Analysis, run: readonly number[]): boolean {
  if (run.length < MIN_SEQUENTIAL_CALLS) return false;
  // A few calls may go to one place with other values; many of them are a loop, whose calls nobody writes side by side.
  const shapes = new Set(run.map((node) => analysis.shapeOf(callBelow(analysis, node))));
  if (run.length >= MIN_REPEATED_CALLS && shapes.size < MIN_VARIED_SHARE * run.length) return false;
  const targets = new Set(
    run.map((node) => {
      const call = callBelow(analysis, node);
      return `${analysis.shapeOf(call)} ${analysis.detailOf(call)} ${analysis.trace.waitIndex[analysis.timeline.rows[call] ?? 0]}`;
    }),
  );
  const sumUs = sumOf(run.map(analysis.durationUs));
  const longestUs = run.reduce((max, node) => Math.max(max, analysis.durationUs(node)), 0);
  return (
    targets.size >= Math.max(MIN_SEQUENTIAL_CALLS, MIN_VARIED_SHARE * run.length) &&
    longestUs <= MAX_LONGEST_SHARE * sumUs
  );
}

/** Weighs a run. With history its calls must be new: old ones that got slower are slow calls. */
function weighSequence(analysis: Analysis, parent: number, whole: readonly number[]): Candidate | undefined {
  const told = analysis.usual.has ? newInRow(analysis, parent, whole) : { run: whole, history: NONE };
  if (told === undefined) return undefined;
  const { run, history } = told;
  const longest = run.reduce((a, b) => (analysis.durationUs(b) > analysis.durationUs(a) ? b : a));
  const name = nameNode(analysis, parent);
  const [first, second] = run.map((node) => describeNode(analysis, callBelow(analysis, node)));
  return weigh(analysis, {
    kind: "sequential-calls",
    node: parent,
    nodes: run.map((node) => callBelow(analysis, node)),
    claims: claimSubtrees(analysis, run),
    change: { shortened: [{ nodes: run.filter((node) => node !== longest), toUs: 0 }] },
    measuredUs: 0,
    history,
    sentence: `${name} makes ${times(run.length)} different calls one after another (${first}, ${second}, …). If none needs another's answer, which a trace cannot show, they could run side by side.`,
    clause: `${run.length} calls one after another in ${name}`,
  });
}

const NONE: History = { state: "none" };

function newInRow(analysis: Analysis, parent: number, whole: readonly number[]) {
  const of = (node: number, measure: Measure) => analysis.usual.of(analysis.timeline.rows[node] ?? 0, measure);
  const ofParent = of(parent, "callUs");
  if (ofParent.state !== "known") return { run: whole, history: ofParent };
  const isNew = (node: number) => of(node, "callUs").state === "new";
  const run = whole.filter((node) => isNew(node) || isUnusual(analysis.durationUs(node), of(node, "callUs")) === true);
  const newCalls = run.filter(isNew);
  if (newCalls.length >= Math.max(2, run.length / 2)) {
    const history = of(newCalls[0] ?? 0, "callUs");
    return isIndependent(analysis, run) ? { run, history } : undefined;
  }
  return undefined;
}
