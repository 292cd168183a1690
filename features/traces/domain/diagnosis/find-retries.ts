import { hasFlag, SPAN_FLAGS } from "../trace-skeleton";
import { type Analysis, childrenOf } from "./analysis";
import { type Candidate, claimSubtrees, weigh } from "./candidate";
import { nameNode, spell, times, under } from "./phrase";
import { isCall } from "./step-groups";

/**
 * The same call again after it failed: similar siblings in sequence, all but perhaps the last of them failed. Five calls
 * with five ids that all fail are five failures, not one tried five times.
 */
export function findRetries(analysis: Analysis): Candidate[] {
  const parents = new Set<number>();
  const { timeline, trace } = analysis;
  for (let node = 1; node < timeline.count; node += 1) {
    const isFailed = ((trace.flags[timeline.rows[node] ?? 0] ?? 0) & SPAN_FLAGS.error) !== 0;
    if (isFailed || analysis.isResent(node) || analysis.isRefused(node)) addParents(analysis, node, parents);
  }
  return [...parents]
    .flatMap((parent) => runsBelow(analysis, parent))
    .map((run) => weighRun(analysis, run))
    .filter((c) => c !== undefined);
}

/** Failures below wrappers that did not note them count for the wrapper, a few levels up. */
const MAX_WRAPPERS = 3;

function addParents({ timeline }: Analysis, failed: number, into: Set<number>): void {
  let node = failed;
  for (let level = 0; level <= MAX_WRAPPERS && node > 0; level += 1) {
    node = timeline.parent[node] ?? -1;
    if (node !== -1) into.add(node);
  }
}

type Run = { parent: number; attempts: number[]; isSolved: boolean };

function runsBelow(analysis: Analysis, parent: number): Run[] {
  const { timeline } = analysis;
  const children = childrenOf(timeline, parent).filter((child) => timeline.isAsync[child] !== 1);
  const sameKey = new Map<string, number[]>();
  for (const child of children) {
    const key = `${analysis.shapeOf(child)} ${analysis.shapeOf(callBelow(analysis, child))}`;
    const same = sameKey.get(key) ?? [];
    same.push(child);
    sameKey.set(key, same);
  }
  return [...sameKey.values()].flatMap((same) => (same.length < 2 ? [] : runsOf(analysis, parent, same)));
}

function runsOf(analysis: Analysis, parent: number, same: readonly number[]): Run[] {
  const { timeline } = analysis;
  const runs: Run[] = [];
  let attempts: number[] = [];
  for (const [at, node] of same.entries()) {
    const next = same[at + 1];
    const last = attempts.at(-1);
    if (last !== undefined && (timeline.startUs[node] ?? 0) < (timeline.endUs[last] ?? 0)) attempts = [];
    attempts.push(node);
    // A call that was sent again had failed, whatever its span says.
    if (isFailed(analysis, node) || (next !== undefined && analysis.isResent(callBelow(analysis, next)))) continue;
    if (attempts.length > 1) runs.push({ parent, attempts, isSolved: true });
    attempts = [];
  }
  if (attempts.length > 1) runs.push({ parent, attempts, isSolved: false });
  // In a loop of many similar calls a failure is followed by the next call, not by another try, unless pauses say so.
  return runs.filter(
    (run) =>
      (run.attempts.length * 2 >= same.length || hasPausesOfItsOwn(analysis, run, same)) && isOneCall(analysis, run),
  );
}

/** A loop takes a breath now and then, too; shorter pauses are not what a program waits before it tries again. */
const MIN_PAUSE_US = 5_000;
/** How many times as long as the longest pause of the loop around it each pause between tries must be. */
const PAUSE_FACTOR = 2;
/** Fewer other calls do not show how a loop goes on. */
const MIN_OTHERS = 2;

/** Whether the tries of a call within a loop lie further apart than any other calls of the loop. */
function hasPausesOfItsOwn({ timeline }: Analysis, { attempts, isSolved }: Run, same: readonly number[]): boolean {
  if (!isSolved || same.length - attempts.length < MIN_OTHERS) return false;
  const tries = new Set(attempts.slice(1));
  let [shortestUs, longestOtherUs] = [Number.POSITIVE_INFINITY, 0];
  for (const [at, node] of same.entries()) {
    const before = same[at - 1];
    if (before === undefined) continue;
    const pauseUs = (timeline.startUs[node] ?? 0) - (timeline.endUs[before] ?? 0);
    if (tries.has(node)) shortestUs = Math.min(shortestUs, pauseUs);
    else longestOtherUs = Math.max(longestOtherUs, pauseUs);
  }
  return shortestUs >= MIN_PAUSE_US && shortestUs >= PAUSE_FACTOR * longestOtherUs;
}

/** Tries with other values (`?attempt=2`) are few and end well; many, or all failed, are different calls. */
const MAX_VARYING_TRIES = 6;

function isOneCall(analysis: Analysis, { attempts, isSolved }: Run): boolean {
  if (isSolved && attempts.length <= MAX_VARYING_TRIES) return true;
  return new Set(attempts.map((attempt) => analysis.detailOf(callBelow(analysis, attempt)))).size === 1;
}

/** A node failed, or wraps a single call that did. */
function isFailed({ isRefused, timeline, trace }: Analysis, top: number): boolean {
  let node = top;
  for (let level = 0; level <= MAX_WRAPPERS; level += 1) {
    if (hasFlag(trace, timeline.rows[node] ?? 0, "error") || isRefused(node)) return true;
    if (!hasSingleChild(timeline, node)) return false;
    node += 1;
  }
  return false;
}

/** Deeper calls are not what a span wraps. */
const MAX_CHAIN = 8;

/** The call a chain of wrappers makes, or the node itself. */
export function callBelow({ timeline, trace }: Analysis, top: number): number {
  let node = top;
  for (let level = 0; level < MAX_CHAIN; level += 1) {
    if (isCall(trace, timeline.rows[node] ?? 0)) return node;
    if (!hasSingleChild(timeline, node)) return top;
    node += 1;
  }
  return top;
}

/** Whether a node wraps one other and nothing else. */
export function hasSingleChild({ subtreeEnd }: Analysis["timeline"], node: number): boolean {
  return (subtreeEnd[node] ?? 0) > node + 1 && subtreeEnd[node + 1] === subtreeEnd[node];
}

function weighRun(analysis: Analysis, { parent, attempts, isSolved }: Run): Candidate | undefined {
  const { timeline } = analysis;
  const first = attempts[0] ?? 0;
  const last = attempts.at(-1) ?? 0;
  const startUs = timeline.startUs[first] ?? 0;
  const untilUs = timeline.startUs[last] ?? 0;
  // Pauses between attempts, whether a span stands for them or not, go with the attempts.
  const between = childrenOf(timeline, parent).filter(
    (node) => (timeline.startUs[node] ?? 0) >= startUs && (timeline.endUs[node] ?? 0) <= untilUs && node !== last,
  );
  const pauses = between.filter((node) => attempts.includes(node) || (timeline.subtreeEnd[node] ?? 0) === node + 1);
  const claims = claimSubtrees(analysis, new Set([...pauses, ...attempts]));
  const pausedUs = ownBetween(analysis, parent, startUs, untilUs);
  if (pausedUs > 0) claims.add(parent, pausedUs);
  const call = callBelow(analysis, first);
  const name = nameNode(analysis, call);
  const failed = isSolved ? attempts.length - 1 : attempts.length;
  const isMarked = hasFlag(analysis.trace, timeline.rows[call] ?? 0, "error");
  return weigh(analysis, {
    kind: "retries",
    node: call,
    nodes: attempts.map((attempt) => callBelow(analysis, attempt)),
    claims,
    change: {
      shortened: [{ nodes: pauses, toUs: 0 }],
      withoutGapBefore: new Set([...pauses.slice(1), last]),
    },
    measuredUs: untilUs - startUs,
    history: { state: "none" },
    sentence: `${name} ${isMarked || !analysis.isRefused(call) ? "failed" : "was refused"} ${failed === 1 ? "once" : times(failed)}${under(analysis, call)} and was tried again${isSolved ? " until it worked" : "; the last try failed too"}: ${spell(untilUs - startUs)} went by before the last try.`,
    clause: `${attempts.length} tries of ${name}`,
  });
}

/** The journey's time in a node's own work within a stretch of time. */
export function ownBetween(analysis: Analysis, node: number, fromUs: number, toUs: number): number {
  let us = 0;
  analysis.eachStretch(node, (startUs, endUs) => {
    us += Math.max(0, Math.min(toUs, endUs) - Math.max(fromUs, startUs));
  });
  return us;
}
