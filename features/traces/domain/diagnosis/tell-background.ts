import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";
import { NO_CLAIMS } from "./claims";
import { nameNode, spell } from "./phrase";
import { isCall, isQuery } from "./step-groups";

/** Shorter work after an answer is tidying up. */
const MIN_AFTER_US = 100_000;
const MIN_AFTER_SHARE = 0.2;

/** The work that went on longest after the answer, as information: nobody waited for it. */
export function tellBackground(analysis: Analysis): Candidate[] {
  const { timeline, trace } = analysis;
  const { endUs, startUs } = timeline;
  const rootEndUs = endUs[0] ?? 0;
  let longest = -1;
  for (const node of timeline.background)
    if (longest === -1 || (endUs[node] ?? 0) > (endUs[longest] ?? 0)) longest = node;
  const afterUs = (endUs[longest] ?? 0) - rootEndUs;
  if (afterUs < Math.max(MIN_AFTER_US, MIN_AFTER_SHARE * (rootEndUs - (startUs[0] ?? 0)))) return [];
  const row = timeline.rows[longest] ?? 0;
  return [
    {
      kind: !isCall(trace, row) ? "heavy-span" : isQuery(trace, row) ? "slow-query" : "slow-external-call",
      node: longest,
      nodes: [longest],
      claims: NO_CLAIMS,
      claimedUs: 0,
      savesUs: 0,
      severity: "info",
      sentence: `${nameNode(analysis, longest)} went on for ${spell(afterUs)} after the answer: nobody waited for it.`,
      clause: `${nameNode(analysis, longest)} after the answer`,
    },
  ];
}
