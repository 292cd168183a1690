import type { Baseline } from "../paths/baseline";
import { NO_PARENT, spanIdOf, type TraceSkeleton } from "../trace-skeleton";
import { type Analysis, analyse, isRootless } from "./analysis";
import type { Candidate } from "./candidate";
import { chooseFindings } from "./choose-findings";
import { findConcurrency } from "./find-concurrency";
import { findErrorOrigin, hasTraceFailed } from "./find-errors";
import { findWrappedLoops } from "./find-loops";
import { findQueueWaits } from "./find-queue-waits";
import { findRetries } from "./find-retries";
import { findSlowSteps } from "./find-slow-steps";
import { findTogether } from "./find-together";
import { findTrust } from "./find-trust";
import { type Finding, MAX_EVIDENCE_SPANS, type Verdict } from "./finding";
import type { Hints } from "./hints";
import { spell } from "./phrase";
import { tellBackground } from "./tell-background";
import { type LeftWork, tellLeftWork, waitBefore } from "./tell-left-work";
import { toVerdict } from "./verdict";

export type Diagnosis = {
  verdict: Verdict;
  findings: Finding[];
  /** Per finding, rows in the order of its `spanIds`; for a trace without ids only these. */
  rows: number[][];
  /** Per finding, how many spans it is about; beyond {@link MAX_EVIDENCE_SPANS} not all are among its rows. */
  spanCounts: number[];
  /** Per finding, how long the trace would have taken without it alone. */
  savedDurationsUs: number[];
};

export type DiagnoseOptions = {
  baseline?: Baseline | undefined;
  /** Spans the source counted; more than there are means some are missing. */
  expectedSpanCount?: number | null;
  hints?: Hints | undefined;
  /** Who left the work that the trace took up, where that is another trace. */
  left?: LeftWork | undefined;
};

/**
 * Why a trace took as long as it did: findings by what removing them would save, facts about the trace's own
 * trustworthiness last, and a sentence that adds up. The same trace and baseline give the same answer. Total: an empty
 * trace has no findings. docs/diagnosis.md tells what each kind means and what it cannot know.
 */
export function diagnose(
  trace: TraceSkeleton,
  { baseline, expectedSpanCount = null, hints, left }: DiagnoseOptions = {},
): Diagnosis {
  const ways = analyse(trace, baseline, hints).map(search);
  // The way with the most to save; where none has anything above the usual, the whole.
  const [analysis, retries, timed] = ways.reduce((best, way) => (mostSaved(way) > mostSaved(best) ? way : best)) as Way;
  const origin = findErrorOrigin(analysis, handledBy(analysis, retries));
  const trust = findTrust(analysis, { expectedSpanCount, backwardsRows: hints?.backwardsRows ?? [] });
  const placed = placeError(analysis, timed, origin);
  // Where nothing is unusual but the trace itself, that stands alone: what is as ever would stand before it.
  const isOnlyTrust = isLoud(trust) && !isLoud(placed);
  const ordered = [...tellLeftWork(analysis, left), ...(isOnlyTrust ? [] : placed), ...tellBackground(analysis)];
  const told = [
    ...ordered.map((candidate) => ({
      ...candidate,
      row: rowOf(analysis, candidate.node),
      rows: candidate.nodes.map((node) => rowOf(analysis, node)),
    })),
    ...trust,
  ];
  const rows = told.map((candidate) => candidate.rows.slice(0, MAX_EVIDENCE_SPANS));
  return {
    verdict: toVerdict(analysis, ordered, waitBefore(analysis, left)),
    findings: told.map((candidate, index) => toFinding(analysis, candidate, rows[index] ?? [])),
    rows,
    spanCounts: told.map((candidate) => candidate.rows.length),
    savedDurationsUs: told.map(({ savesUs, aloneUs = savesUs, isBefore }) =>
      Math.max(0, analysis.journey.durationUs - (isBefore === true ? 0 : aloneUs)),
    ),
  };
}

type Way = [analysis: Analysis, retries: Candidate[], timed: Candidate[]];

function search(analysis: Analysis): Way {
  const retries = findRetries(analysis);
  const timed = chooseFindings(
    [
      ...retries,
      ...findSlowSteps(analysis),
      ...findWrappedLoops(analysis),
      ...findConcurrency(analysis),
      ...findTogether(analysis),
      ...findQueueWaits(analysis),
    ],
    analysis,
  );
  return [
    analysis,
    retries,
    isCertain(analysis) ? timed : timed.map((one) => (isPlain(analysis, one) ? one : hush(one))),
  ];
}

const hush = (candidate: Candidate): Candidate => ({ ...candidate, severity: "info", savesUs: 0 });

/** Without its root nobody knows of which request this is a part, nor how long that took: most such traces still arrive. */
const isCertain = (analysis: Analysis): boolean => analysis.usual.has || !isRootless(analysis);

/** What took so long, and so much of what came, is slow whatever the request: a call's span comes with its time. */
const PLAIN = { savesUs: 1e6, share: 0.5 } as const;
const PLAIN_KINDS: ReadonlySet<string> = new Set(["slow-query", "slow-external-call", "n-plus-one", "retries"]);

const isPlain = ({ journey }: Analysis, { kind, savesUs }: Candidate): boolean =>
  PLAIN_KINDS.has(kind) && savesUs >= PLAIN.savesUs && savesUs >= PLAIN.share * journey.durationUs;

const mostSaved = ([, , timed]: Way): number =>
  timed.reduce((most, { severity, savesUs }) => (severity === "info" ? most : Math.max(most, savesUs)), 0);

const isLoud = (told: readonly Pick<Candidate, "severity">[]) => told.some(({ severity }) => severity !== "info");

const rowOf = ({ timeline }: Analysis, node: number): number => timeline.rows[node] ?? NO_PARENT;

/** The failed attempts of calls that worked in the end: their errors went no further. */
function handledBy({ timeline, trace }: Analysis, retries: readonly Candidate[]): Set<number> {
  const handled = new Set<number>();
  for (const { nodes } of retries) {
    const last = nodes.at(-1) ?? 0;
    if (((trace.flags[timeline.rows[last] ?? 0] ?? 0) & 1) !== 0) continue;
    for (const failed of nodes.slice(0, -1)) {
      // Wrappers of one attempt are handled with it; what holds the last attempt too is not.
      for (let node = failed; node > 0 && (timeline.subtreeEnd[node] ?? 0) <= last; node = timeline.parent[node] ?? 0) {
        handled.add(node);
      }
    }
  }
  return handled;
}

/**
 * Below this share of the trace a cause that saves time does not stand before the failure of the request; tries that
 * failed in the end are that failure.
 */
const MATTERS_SHARE = 0.3;

/** A failed request with nothing slow in it is about its failure; otherwise time comes first, and the usual last. */
function placeError(analysis: Analysis, timed: readonly Candidate[], origin: Candidate | undefined): Candidate[] {
  if (origin === undefined) return [...timed];
  const matters = timed.filter(
    ({ kind, severity, savesUs }) =>
      severity !== "info" && (kind === "retries" || savesUs >= MATTERS_SHARE * analysis.journey.durationUs),
  );
  if (hasTraceFailed(analysis) && matters.length === 0) return [origin, ...timed];
  const place = timed.findLastIndex(({ severity }) => severity !== "info") + 1;
  return [...timed.slice(0, place), origin, ...timed.slice(place)];
}

type Told = Pick<
  Candidate,
  | "kind"
  | "severity"
  | "savesUs"
  | "aloneUs"
  | "claimedUs"
  | "usual"
  | "quartileUs"
  | "isInStep"
  | "isBefore"
  | "sentence"
> & {
  row: number;
};

function toFinding({ trace, journey }: Analysis, told: Told, rows: readonly number[]): Finding {
  const { kind, severity, savesUs, claimedUs, usual, sentence, row } = told;
  const { durationUs } = journey;
  return {
    kind,
    severity,
    service: trace.services[trace.serviceIndex[row] ?? 0] ?? "",
    operation: trace.names[trace.nameIndex[row] ?? 0] ?? "",
    spanIds: rows.flatMap((evidence) => spanIdOf(trace, evidence) ?? []),
    shareOfTrace: durationUs === 0 ? 0 : Math.min(1, claimedUs / durationUs),
    // Rounded down, so that all of them together stay within the whole.
    savesUs: Math.floor(savesUs),
    ...(usual === undefined ? {} : { usual }),
    sentence: [sentence, ...savingWords(told, durationUs), ...usualWords(told)].join(" "),
  };
}

function savingWords({ savesUs, aloneUs = savesUs, isBefore }: Told, durationUs: number): string[] {
  if (aloneUs === 0 || isBefore === true) return [];
  const alone = `Without it the trace would take ${spell(durationUs - aloneUs)} instead of ${spell(durationUs)}.`;
  if (aloneUs === savesUs) return [alone];
  const isAll = spell(aloneUs - savesUs) === spell(aloneUs);
  return [alone, `${isAll ? "All" : spell(aloneUs - savesUs)} of that is saved by what stands before it, too.`];
}

function usualWords({ usual, quartileUs, severity, isInStep }: Told): string[] {
  if (usual === undefined) return [];
  // Who reads that 95 % stay below more than this took would ask what is wrong with it.
  if (quartileUs !== undefined)
    return [
      `Usually ${spell(usual.p50Us)}, 75 % below ${spell(quartileUs)} (${usual.count} traces); some of the others were as slow.`,
    ];
  const range = `Usually ${spell(usual.p50Us)}, 95 % below ${spell(usual.p95Us)} (${usual.count} traces)`;
  if (isInStep) return [`${range}; it was slower, and so was the rest of the trace.`];
  return [severity === "info" ? `${range}: nothing new.` : `${range}.`];
}
