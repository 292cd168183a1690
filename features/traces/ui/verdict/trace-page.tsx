"use client";

import { type ReactNode, useMemo } from "react";
import { formatAbsolute } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import { toIssueLink } from "../../domain/verdict/issue-link";
import { type ReportFacts, reportSections, reportTitle, toTraceReport } from "../../domain/verdict/trace-report";
import type { Trace } from "../../queries";
import { TraceView } from "../lazy-trace-view";
import type { RunbookSlot } from "../runbook-slot";
import { factsOf, TraceHead } from "./trace-head";
import { useTraceStanding } from "./use-trace-standing";
import { useVerdict } from "./use-verdict";
import { VerdictPanel } from "./verdict-panel";

export type TracePageProps = {
  trace: Trace;
  Runbooks: RunbookSlot;
  /** Stands where the rows will until they can be drawn. */
  waiting: ReactNode;
  /** Where issues are drafted; null where none is set. */
  repositoryUrl: string | null;
  /** Template of a link from a span to its logs. */
  logsUrl?: string | undefined;
};

/** Everything about one trace: what it is, why it took its time, and its spans. */
export function TracePage({ trace, Runbooks, repositoryUrl, logsUrl, waiting }: TracePageProps) {
  const verdict = useVerdict(trace);
  const standing = useTraceStanding(trace, verdict);
  const { reply, pressed } = verdict;
  const reportFacts = () => toReportFacts(trace, standing, verdict.usual);
  // Rows are those of one version; until the verdict has caught up, nothing is outlined.
  const outline = useMemo(
    () =>
      pressed === undefined || reply?.evidence.version !== trace.version
        ? undefined
        : { key: pressed.key, rows: pressed.rows },
    [pressed, reply, trace.version],
  );
  const cause = reply?.findings[0];
  return (
    <>
      <TraceHead
        {...standing}
        makeIssueLink={
          repositoryUrl === null
            ? undefined
            : () => {
                const facts = reportFacts();
                const title = reportTitle(facts, reply);
                return toIssueLink(repositoryUrl, { title, sections: reportSections(facts, reply) });
              }
        }
        makeReport={() => toTraceReport(reportFacts(), reply)}
        trace={trace}
        traceId={trace.traceId}
      />
      <VerdictPanel
        actions={
          <Runbooks
            finding={cause?.kind}
            operation={cause?.operation ?? trace.facts.rootOperation}
            service={cause?.service ?? trace.facts.rootService}
            traceId={trace.traceId}
          />
        }
        caption={standing.caption}
        state={verdict}
        trace={trace.skeleton}
      />
      <TraceView logsUrl={logsUrl} outline={outline} trace={trace} waiting={waiting} />
    </>
  );
}

function toReportFacts(
  trace: Trace,
  { durationUs, root, badges, standing }: ReturnType<typeof useTraceStanding>,
  usual: ReturnType<typeof useVerdict>["usual"],
): ReportFacts {
  const { facts, skeleton, traceId } = trace;
  return {
    rootService: facts.rootService || "unknown",
    rootOperation: facts.rootOperation || "Root span missing",
    durationUs,
    traceId,
    traceUrl: new URL(routes.trace(traceId), window.location.origin).href,
    startedAt: formatAbsolute(skeleton.startUs / US_PER_MS),
    facts: [...factsOf(trace, root, durationUs), ...standing.map((text): [string, string] => ["stands", text])],
    doubts: badges.filter(({ tone }) => tone !== "ok").map(({ text, why }) => `${text}: ${why}`),
    usual:
      usual === undefined
        ? undefined
        : { p50Us: usual.durationUs.p50Us, p95Us: usual.durationUs.p95Us, count: usual.traceCount },
  };
}
