import { NO_PATH } from "../paths/path-tree";
import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";

/**
 * In how many of the sampled requests that were as slow the steps of a finding took about as long: at least half of what
 * it saves more than they take without it. Others are slow for other causes, and mending this one saves them nothing.
 * Undefined where nobody knows.
 */
export function countAlike({ timeline, usual, ownUs }: Analysis, finding: Candidate | undefined): number | undefined {
  const { slowTraces } = usual;
  if (slowTraces === undefined || finding === undefined || finding.claims.size === 0) return undefined;
  const pathOf = (node: number) => usual.pathOf(timeline.rows[node] ?? 0);
  const paths = new Set(finding.claims.nodes.map(pathOf));
  paths.delete(NO_PATH);
  if (paths.size === 0) return 0;
  let tookUs = 0;
  for (let node = 0; node < ownUs.length; node += 1)
    if ((ownUs[node] ?? 0) > 0 && paths.has(pathOf(node))) tookUs += ownUs[node] ?? 0;
  const leastUs = tookUs - finding.savesUs / 2;
  return slowTraces.filter(({ paths: those, waitedUs }) => {
    let us = 0;
    for (let at = 0; at < those.length; at += 1) if (paths.has(those[at] ?? NO_PATH)) us += waitedUs[at] ?? 0;
    return us >= leastUs;
  }).length;
}
