import { hasFlag, SPAN_FLAGS, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";
import { NO_CLAIMS } from "./claims";
import { nameNode } from "./phrase";
import type { Timeline } from "./timeline";

const SERVER = SPAN_KINDS.indexOf("server");
const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** Whether the request itself failed, as its caller saw it. */
export function hasTraceFailed({ timeline, trace }: Analysis): boolean {
  return timeline.count > 0 && hasFlag(trace, timeline.rows[0] ?? 0, "error");
}

/**
 * Where the error began: from the topmost failed span down, always into the child that failed last, since that one made
 * its parent fail. Attempts that were followed by a success say nothing of the failure above them.
 *
 * @param handled nodes of attempts that were tried again with success
 */
export function findErrorOrigin(analysis: Analysis, handled: ReadonlySet<number>): Candidate | undefined {
  const top = topFailure(analysis, handled);
  if (top === undefined) return undefined;
  const chain = descend(analysis, top.node, handled);
  const origin = chain.at(-1) ?? top.node;
  const first = chain[0] ?? origin;
  const hasFailed = hasTraceFailed(analysis);
  // A caller may go on without an answer; the service that could not give it has failed all the same.
  const isHandled = top.isTriedAgain || (top.rank < ENTRY && !chain.some((node) => rankOf(analysis, node) >= ENTRY));
  const said = chain.findLast((node) => analysis.errorOf(node) !== undefined);
  const what = said === undefined ? "" : ` (${analysis.errorOf(said)})`;
  const way = origin === first ? "" : `; it went up to ${nameNode(analysis, first)}`;
  return {
    kind: "error-origin",
    node: origin,
    nodes: [origin, ...chain.filter((node) => node !== origin).reverse()],
    claims: NO_CLAIMS,
    claimedUs: 0,
    savesUs: 0,
    severity: hasFailed ? "critical" : isHandled ? "info" : "warning",
    sentence: `The error began in ${nameNode(analysis, origin)} of ${analysis.text(origin).service}${what}${way}${hasFailed ? "." : ", and the request did not fail."}`,
    clause: "",
  };
}

/**
 * The failed span to start from: the root, else a failed entry of a service, else any, handled ones last. A failure that
 * went no further than a call is handled too: whoever made the call went on without it.
 */
function topFailure({ timeline, trace }: Analysis, handled: ReadonlySet<number>) {
  let best: { node: number; rank: number } | undefined;
  const isBelowFailure = new Uint8Array(timeline.count);
  for (let node = 0; node < timeline.count; node += 1) {
    const isCovered = isBelowFailure[timeline.parent[node] ?? -1] === 1;
    const row = timeline.rows[node] ?? 0;
    const isFailed = isMarked(trace, row);
    if (isCovered || isFailed) isBelowFailure[node] = 1;
    if (isCovered || !isFailed) continue;
    const rank = handled.has(node) ? 0 : rankOf({ timeline, trace }, node);
    if (best === undefined || rank > best.rank) best = { node, rank };
  }
  return best === undefined ? undefined : { ...best, isTriedAgain: best.rank === 0 };
}

/** A flag looked up by its name costs more than the rest of a loop over all spans. */
const isMarked = ({ flags }: TraceSkeleton, row: number): boolean => ((flags[row] ?? 0) & SPAN_FLAGS.error) !== 0;

const ENTRY = 2;

/** Where a failure stopped: at the root, at the entry of a service or work of its own, or at a caller that went on. */
function rankOf({ timeline, trace }: Pick<Analysis, "timeline" | "trace">, node: number): number {
  if (node === 0) return ENTRY + 1;
  const kind = trace.kind[timeline.rows[node] ?? 0];
  return kind === SERVER || kind === CONSUMER || timeline.isAsync[node] === 1 ? ENTRY : 1;
}

function descend(analysis: Analysis, top: number, handled: ReadonlySet<number>): number[] {
  const { timeline, trace } = analysis;
  const failed = failuresBelow(analysis, handled);
  const chain: number[] = [];
  for (let node = top; node !== -1; node = lastFailedChild(timeline, node, failed)) chain.push(node);
  // Where the last ones set no status, the error shows in the last that did.
  while (chain.length > 1 && !hasFlag(trace, timeline.rows[chain.at(-1) ?? 0] ?? 0, "error")) chain.pop();
  return chain;
}

function lastFailedChild({ subtreeEnd, endUs }: Timeline, node: number, failed: Uint8Array): number {
  let last = -1;
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) {
    if (failed[child] === 1 && (last === -1 || (endUs[child] ?? 0) >= (endUs[last] ?? 0))) last = child;
  }
  return last;
}

/** 1 where a node or something it waited for below it failed and was not made good. */
function failuresBelow({ timeline, trace }: Analysis, handled: ReadonlySet<number>): Uint8Array {
  const failed = new Uint8Array(timeline.count);
  for (let node = timeline.count - 1; node >= 0; node -= 1) {
    if (handled.has(node)) {
      failed[node] = 0;
      continue;
    }
    if (isMarked(trace, timeline.rows[node] ?? 0)) failed[node] = 1;
    const above = timeline.parent[node] ?? -1;
    // Spans in between that set no status may have passed it on.
    if (failed[node] === 1 && above !== -1 && timeline.isAsync[node] !== 1) failed[above] = 1;
  }
  return failed;
}
