import { findWorstShift, MIN_SKEW_US } from "../clock-shifts";
import { nameOf } from "../span-text";
import { type ClockShift, hasFlag, NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import type { Analysis } from "./analysis";
import type { Candidate } from "./candidate";
import { NO_CLAIMS } from "./claims";
import { findTangles } from "./find-tangles";
import { spell } from "./phrase";
import { SKEW_WARNING_US } from "./thresholds";

type TrustCandidate = Omit<Candidate, "node" | "nodes"> & { row: number; rows: number[] };
const UNTIMED = { claims: NO_CLAIMS, claimedUs: 0, savesUs: 0, clause: "" };

/**
 * Clocks that disagree, spans that are missing, and spans that stand elsewhere than they were sent: how far the rest can be
 * believed.
 */
export function findTrust(
  analysis: Analysis,
  { expectedSpanCount, backwardsRows }: { expectedSpanCount: number | null; backwardsRows: readonly number[] },
): TrustCandidate[] {
  // Of the closed list of kinds the nearest: what is missing is the span, the parent or the id that would put them right.
  const tangles = findTangles(analysis).map((tangle) => ({ ...UNTIMED, kind: "missing-spans" as const, ...tangle }));
  const found = [
    findSkew(analysis),
    findBackwards(analysis, backwardsRows),
    findMissing(analysis, expectedSpanCount),
    ...tangles,
  ];
  return found.filter((one) => one !== undefined);
}

function findSkew({ timeline, trace }: Analysis): TrustCandidate | undefined {
  const known = [...(trace.clockShifts ?? []), ...timeline.shifts];
  const shifts = known.filter(({ byUs }) => Math.abs(byUs) >= MIN_SKEW_US);
  const worst = findWorstShift(shifts);
  if (worst === undefined) return undefined;
  const byUs = Math.abs(worst.byUs);
  const others = shifts.length === 1 ? "" : ` ${shifts.length} calls were moved.`;
  return {
    ...UNTIMED,
    kind: "clock-skew",
    row: worst.row,
    rows: shifts.map(({ row }) => row).sort((a, b) => a - b),
    severity: byUs >= SKEW_WARNING_US ? "warning" : "info",
    sentence: `${skewSentence(trace, worst)}, and is shown moved.${others}`,
  };
}

/** Of the closed list of kinds the nearest: a clock that was put back while a span ran is the usual reason. */
function findBackwards({ trace }: Analysis, rows: readonly number[]): TrustCandidate | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  const name = nameOf(trace, row);
  const sentence =
    rows.length === 1
      ? `${name} ends before it starts: how long it took is not known, and it is shown without length.`
      : `${rows.length.toLocaleString("en-US")} spans, ${name} first, end before they start: how long they took is not known, and they are shown without length.`;
  return { ...UNTIMED, kind: "clock-skew", row, rows: [...rows], severity: "warning", sentence };
}

function skewSentence(trace: TraceSkeleton, { row, byUs }: ClockShift): string {
  const name = trace.names[trace.nameIndex[row] ?? 0] ?? "";
  const service = trace.services[trace.serviceIndex[row] ?? 0] ?? "";
  const above = trace.parent[row] ?? NO_PARENT;
  const off = spell(Math.abs(byUs));
  return above !== NO_PARENT && trace.serviceIndex[above] === trace.serviceIndex[row]
    ? `The times of ${name} are off by about ${off}: it ended before the span that made it began, in the same service`
    : `The clock of ${service} is off by about ${off}: ${name} does not fit into the call that made it`;
}

function findMissing(analysis: Analysis, expectedSpanCount: number | null): TrustCandidate | undefined {
  const { timeline, trace } = analysis;
  const { orphans } = timeline;
  const isCutShort = expectedSpanCount !== null && expectedSpanCount > trace.spanCount;
  if ((orphans.length === 0 && !isCutShort) || timeline.count === 0) return undefined;
  const root = timeline.rows[0] ?? 0;
  const row = orphans[0] ?? root;
  const name = trace.names[trace.nameIndex[row] ?? 0] ?? "";
  const parts = [
    ...(isCutShort
      ? [`${trace.spanCount.toLocaleString("en-US")} of ${expectedSpanCount?.toLocaleString("en-US")} spans arrived`]
      : []),
    ...(orphans.length > 0
      ? [
          `${orphans.length === 1 ? `${name} names a parent that is` : `${orphans.length.toLocaleString("en-US")} spans, ${name} first, name parents that are`} not in the trace`,
        ]
      : []),
    ...(hasFlag(trace, root, "orphan") ? ["the root is missing"] : []),
  ];
  return {
    ...UNTIMED,
    kind: "missing-spans",
    row,
    rows: orphans.length > 0 ? orphans : [root],
    severity: "warning",
    sentence: `${capitalise(parts.join("; "))}. What the missing spans did shows up as their parents' own time.`,
  };
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
