"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { US_PER_MS } from "@/lib/units";
import { partWords } from "../../domain/diagnosis/doubt-text";
import { spanRef } from "../../domain/span-text";
import { countRoots, findRoot } from "../../domain/trace-facts";
import { type TraceTrust, traceTrust } from "../../domain/trace-trust";
import { computeClockAgreement } from "../../domain/verdict/clock-agreement";
import { everywhereWords, fewWords, rankWindow, rankWords, usualWords } from "../../domain/verdict/rank-words";
import { type RootFacts, readRootFacts } from "../../domain/verdict/root-facts";
import { rankQuery, spanQuery, type Trace } from "../../queries";
import { isGapClause } from "./gap-clause";
import type { VerdictState } from "./use-verdict";

type TraceStanding = {
  /** How long the caller waited: the root span's time, else the whole trace's. */
  durationUs: number;
  standing: string[];
  root: RootFacts | undefined;
  badges: TraceTrust[];
  /** What the first finding is worth everywhere. */
  caption: string | undefined;
};

/** Where a trace stands among others of its operation, and how far it can be trusted. */
export function useTraceStanding(trace: Trace, { reply, usual, fewCount }: VerdictState): TraceStanding {
  const { skeleton, facts, traceId, version } = trace;
  const rootRow = useMemo(() => findRoot(skeleton), [skeleton]);
  const clocks = useMemo(() => computeClockAgreement(skeleton), [skeleton]);
  const rootCount = useMemo(() => countRoots(skeleton), [skeleton]);
  const durationUs = (rootRow === undefined ? undefined : skeleton.spanDurationUs[rootRow]) ?? skeleton.durationUs;
  const rootSpan = useQuery({
    ...spanQuery({ traceId, span: rootRow === undefined ? "at-0" : spanRef(skeleton, rootRow), version }),
    enabled: rootRow !== undefined,
  });
  const isUpload = trace.origin.kind === "upload";
  const ranked = rankQuery({
    traceId,
    version,
    rootService: isUpload ? "" : facts.rootService,
    operation: facts.rootOperation,
    requestUs: durationUs,
    window: rankWindow(skeleton.startUs / US_PER_MS),
  });
  const rank = useQuery(ranked).data;
  const root = useMemo(() => (rootSpan.data === undefined ? undefined : readRootFacts(rootSpan.data)), [rootSpan.data]);
  const gapUs =
    reply?.verdict.clauses.reduce((sum, clause) => sum + (isGapClause(reply, clause) ? clause.timeUs : 0), 0) ?? 0;
  const hasGap = reply?.findings.some(({ kind, severity }) => kind === "unaccounted-time" && severity !== "info");
  const trust = {
    ...facts,
    spanCount: skeleton.spanCount,
    clocks,
    rootCount,
    gapUs: hasGap === true ? gapUs : 0,
    sampling: root?.sampling,
  };
  const words = [
    reply === undefined ? undefined : partWords(reply.verdict),
    usual === undefined ? fewWords(fewCount) : usualWords(durationUs, usual.durationUs.p50Us),
    rank === undefined ? undefined : rankWords(rank),
  ];
  return {
    durationUs,
    standing: words.filter((text) => text !== undefined),
    root,
    badges: [...traceTrust(trust), ...warningBadges(trace)],
    caption:
      rank === undefined
        ? undefined
        : everywhereWords({ savesUs: firstSavingUs(reply), ...rank, standing: reply?.verdict.standing }),
  };
}

const firstSavingUs = (reply: VerdictState["reply"]): number =>
  reply?.findings.find(({ savesUs }) => savesUs > 0)?.savesUs ?? 0;

function warningBadges({ facts: { warnings } }: Trace): TraceTrust[] {
  if (warnings.length === 0) return [];
  const text = `${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`;
  return [{ tone: "warn", text, why: warnings.map((warning) => `${warning.count} × ${warning.text}`).join("\n") }];
}
