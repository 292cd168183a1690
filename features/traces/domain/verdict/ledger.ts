import type { FindingsReply } from "../diagnosis/finding";

/** A stretch of a ledger's bar: a clause of the verdict and how much of it is left. */
export type LedgerSegment = { clauseIndex: number; timeUs: number };

/** The bars on one scale, 0 to `scaleUs`. */
export type Ledger = {
  scaleUs: number;
  /** Its segments sum to the verdict's duration. */
  now: LedgerSegment[];
  /** The same request without the first finding that saves time; its segments sum to `durationUs`. */
  fixed: { findingIndex: number; durationUs: number; savesUs: number; segments: LedgerSegment[] } | undefined;
};

/**
 * What the trace took and what it would take without its first finding. What is saved is taken from the finding's own
 * clause first; what goes beyond that (work beside it that would no longer be waited for) from the largest others.
 * Total: no clauses give empty bars; a finding that saves nothing gives none. `reachUs` widens the scale.
 */
export function computeLedger({ verdict, findings, evidence }: FindingsReply, reachUs = 0): Ledger {
  const now = verdict.clauses.map(({ timeUs }, clauseIndex) => ({ clauseIndex, timeUs }));
  // A wait before the trace began is none of its time.
  const findingIndex = findings.findIndex(
    ({ savesUs }, at) => savesUs > 0 && (evidence.savedDurationsUs[at] ?? 0) < verdict.durationUs,
  );
  const savedDurationUs = evidence.savedDurationsUs[findingIndex];
  const scaleUs = Math.max(1, verdict.durationUs, reachUs);
  if (findingIndex < 0 || savedDurationUs === undefined || now.length === 0) return { scaleUs, now, fixed: undefined };
  const durationUs = Math.min(savedDurationUs, verdict.durationUs);
  const savesUs = verdict.durationUs - durationUs;
  const first = verdict.clauses.findIndex((clause) => clause.findingIndex === findingIndex);
  const segments = takeFrom(now, first, savesUs);
  return { scaleUs, now, fixed: { findingIndex, durationUs, savesUs, segments } };
}

function takeFrom(segments: readonly LedgerSegment[], first: number, amountUs: number): LedgerSegment[] {
  const left = segments.map((segment) => ({ ...segment }));
  const order = left.toSorted((a, b) => rankOf(b, first) - rankOf(a, first));
  let openUs = amountUs;
  for (const segment of order) {
    const takenUs = Math.min(openUs, segment.timeUs);
    segment.timeUs -= takenUs;
    openUs -= takenUs;
  }
  return left.filter(({ timeUs }) => timeUs > 0);
}

const rankOf = ({ clauseIndex, timeUs }: LedgerSegment, first: number): number =>
  clauseIndex === first ? Number.POSITIVE_INFINITY : timeUs;

/** What the sum is of: a request, or the longest part of one whose own span is missing. */
export const subjectOf = ({ partOfUs }: FindingsReply["verdict"]): string =>
  partOfUs === undefined ? "This request" : "Longest part";
