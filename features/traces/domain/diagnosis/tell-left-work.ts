import type { Analysis } from "./analysis";
import { type Candidate, severityOf } from "./candidate";
import { NO_CLAIMS } from "./claims";
import { nameNode, spell } from "./phrase";
import { THRESHOLDS } from "./thresholds";

/** The span of another trace that left the work which this trace took up. */
export type LeftWork = { traceId: string; service: string; name: string; endedAtUs: number };

/** Longer ago is a wrong clock, or work that was kept on purpose. */
const LONGEST_WAIT_US = 7 * 24 * 3600 * 1e6;

/** How long the work of a trace lay in the queue before the trace began; 0 where that is not known, or makes no sense. */
export function waitBefore({ timeline, trace }: Analysis, left: LeftWork | undefined): number {
  if (left === undefined || timeline.count === 0) return 0;
  const waitUs = trace.startUs + (timeline.startUs[0] ?? 0) - left.endedAtUs;
  return waitUs > 0 && waitUs <= LONGEST_WAIT_US ? waitUs : 0;
}

/** The wait before a trace as a finding: none of the trace's own time, so that it stands first and takes no clause. */
export function tellLeftWork(analysis: Analysis, left: LeftWork | undefined): Candidate[] {
  const waitUs = waitBefore(analysis, left);
  const wholeUs = waitUs + analysis.journey.durationUs;
  const { savesUs, share } = THRESHOLDS["queue-wait"];
  if (left === undefined || waitUs < savesUs || waitUs < share * wholeUs) return [];
  return [
    {
      kind: "queue-wait",
      node: 0,
      nodes: [0],
      claims: NO_CLAIMS,
      claimedUs: 0,
      savesUs: waitUs,
      isBefore: true,
      severity: severityOf(waitUs, wholeUs),
      sentence: `${nameNode(analysis, 0)} started ${spell(waitUs)} after ${left.name} of ${left.service} had left it in the queue (trace ${left.traceId}): before this trace began.`,
      clause: "",
    },
  ];
}
