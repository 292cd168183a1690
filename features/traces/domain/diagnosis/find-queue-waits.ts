import type { Analysis } from "./analysis";
import { type Candidate, weigh } from "./candidate";
import { nameNode, spell } from "./phrase";

/** Work that lay in a queue: from where it was left to where it was taken up, on the way to the end of the trace. */
export function findQueueWaits(analysis: Analysis): Candidate[] {
  const { journey, timeline, trace } = analysis;
  return journey.waits.flatMap(({ row, fromUs, toUs }) => {
    const node = timeline.rows.indexOf(row);
    const producer = timeline.parent[node] ?? 0;
    const waitUs = toUs - fromUs;
    const found = weigh(analysis, {
      kind: "queue-wait",
      node,
      nodes: [producer, node],
      claims: new Map(),
      waitOf: node,
      claimedUs: waitUs,
      change: { shortened: new Map(), withoutWait: new Set([node]) },
      measuredUs: waitUs,
      history: { state: "none" },
      sentence: `${nameNode(analysis, node)} started ${spell(waitUs)} after ${nameNode(analysis, producer)} had left it in the queue${waitsFor(trace.waits[trace.waitIndex[timeline.rows[producer] ?? 0] ?? 0])}.`,
      clause: `waiting in the queue for ${nameNode(analysis, node)}`,
    });
    return found === undefined ? [] : [found];
  });
}

const waitsFor = (queue: string | undefined): string => (queue ? ` (${queue})` : "");
