import { SPAN_KINDS } from "../trace-skeleton";
import type { Analysis } from "./analysis";
import { type Candidate, weigh } from "./candidate";
import { Claims, NO_CLAIMS } from "./claims";
import { leaverOf } from "./journey";
import { nameNode, spell } from "./phrase";
import { UNUSUAL_THRESHOLD } from "./thresholds";

const CONSUMER = SPAN_KINDS.indexOf("consumer");

/**
 * Work that lay in a queue, from where it was left to where it was taken up: on the way to the end of the trace, or
 * while the request that had left it there did nothing but wait.
 */
export function findQueueWaits(analysis: Analysis): Candidate[] {
  const { journey, timeline } = analysis;
  const onTheWay = journey.waits.map(({ row, fromUs, toUs }) => {
    const node = timeline.rows.indexOf(row);
    return weighWait(analysis, { node, fromUs, toUs, claims: NO_CLAIMS });
  });
  const passed = new Set(journey.waits.map(({ row }) => row));
  const blocking = longWaits(analysis)
    .filter(({ node }) => !passed.has(timeline.rows[node] ?? -1))
    .map((wait) => weighBlocking(analysis, wait));
  return [...onTheWay, ...blocking].filter((candidate) => candidate !== undefined);
}

type Wait = { node: number; fromUs: number; toUs: number };
const MAX_WAITS = 20;

function longWaits({ timeline, trace }: Analysis): Wait[] {
  const waits: Wait[] = [];
  for (let node = 1; node < timeline.count; node += 1) {
    if (timeline.isAsync[node] !== 1 || trace.kind[timeline.rows[node] ?? 0] !== CONSUMER) continue;
    const toUs = timeline.startUs[node] ?? 0;
    const fromUs = Math.min(timeline.endUs[leaverOf(timeline, node)] ?? 0, toUs);
    if (toUs - fromUs >= UNUSUAL_THRESHOLD.savesUs) waits.push({ node, fromUs, toUs });
  }
  return waits.sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs)).slice(0, MAX_WAITS);
}

/** So much of the wait the request must have done nothing else. */
const IDLE_SHARE = 0.7;

function weighBlocking(analysis: Analysis, wait: Wait): Candidate | undefined {
  const { journey, timeline } = analysis;
  const nodeOfRow = new Map<number, number>();
  for (let above = leaverOf(timeline, wait.node); above !== -1; above = timeline.parent[above] ?? -1) {
    nodeOfRow.set(timeline.rows[above] ?? 0, above);
  }
  const sums = new Map<number, number>();
  const { row, fromUs, toUs } = journey.segments;
  for (let at = 0; at < row.length; at += 1) {
    const node = nodeOfRow.get(row[at] ?? 0);
    const us = Math.min(toUs[at] ?? 0, wait.toUs) - Math.max(fromUs[at] ?? 0, wait.fromUs);
    if (node !== undefined && us > 0) sums.set(node, (sums.get(node) ?? 0) + us);
  }
  const claims = Claims.of(sums);
  const isIdle = claims.sumUs >= IDLE_SHARE * (wait.toUs - wait.fromUs);
  return isIdle ? weighWait(analysis, { ...wait, claims }) : undefined;
}

function weighWait(analysis: Analysis, { node, fromUs, toUs, claims }: Wait & { claims: Claims }) {
  const { timeline } = analysis;
  const producer = leaverOf(timeline, node);
  const aboveUs = timeline.startUs[timeline.parent[node] ?? 0] ?? 0;
  const waitUs = toUs - fromUs;
  const isBlocking = claims.size > 0;
  const claimedUs = isBlocking ? claims.sumUs : waitUs;
  return weigh(analysis, {
    kind: "queue-wait",
    node,
    nodes: [producer, node],
    claims,
    ...(isBlocking ? { savedUs: claimedUs } : { waitOf: node }),
    claimedUs,
    change: { withoutWait: new Set([node]) },
    // History knows only how long after its parent a consumer started; what came before the wait is in both.
    measuredUs: toUs - aboveUs,
    history: analysis.usual.of(timeline.rows[node] ?? 0, "afterParentUs"),
    sentence: `${nameNode(analysis, node)} started ${spell(waitUs)} after ${nameNode(analysis, producer)} had left it in the queue.`,
    clause: `waiting in the queue for ${nameNode(analysis, node)}`,
  });
}
