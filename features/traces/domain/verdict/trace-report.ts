import { formatDuration, formatShare } from "@/lib/format";
import type { FindingsReply } from "../diagnosis/finding";
import { KIND_LABELS } from "./finding-words";
import { computeLedger, subjectOf } from "./ledger";
import { markdownCode, markdownText } from "./markdown-text";

/** What a report says beside the verdict. */
export type ReportFacts = {
  rootService: string;
  rootOperation: string;
  durationUs: number;
  traceId: string;
  /** Address of the trace in this console. */
  traceUrl: string;
  /** When it began, with its zone. */
  startedAt: string;
  /** Name and value, in their order: spans, services, release. */
  facts: readonly (readonly [name: string, value: string])[];
  /** Doubts about the trace itself. */
  doubts: readonly string[];
  usual: { p50Us: number; p95Us: number; count: number } | undefined;
};

/** The trace's verdict, ledger, findings and facts as Markdown, to paste into a chat or an issue. */
export function toTraceReport(facts: ReportFacts, findings: FindingsReply | undefined): string {
  return reportSections(facts, findings).join("\n\n").concat("\n");
}

/** What the trace is and took, in one line: the same length as the sum below it. */
export function reportTitle(
  { rootOperation, durationUs }: Pick<ReportFacts, "rootOperation" | "durationUs">,
  findings: FindingsReply | undefined,
): string {
  const answered = formatDuration(durationUs);
  if (findings === undefined) return `${rootOperation} took ${answered}`;
  const { durationUs: summedUs, partOfUs } = findings.verdict;
  const took = `${rootOperation} took ${formatDuration(summedUs)}`;
  if (partOfUs !== undefined && partOfUs > summedUs) return `${took} of ${formatDuration(partOfUs)} that came`;
  return summedUs > durationUs && formatDuration(summedUs) !== answered ? `${took}, answered in ${answered}` : took;
}

/** The same in sections, most important first, so that a shorter report is the first of them. */
export function reportSections(facts: ReportFacts, findings: FindingsReply | undefined): string[] {
  return [
    `## ${markdownText(reportTitle(facts, findings))}`,
    findings === undefined ? "The cause was not computed." : markdownText(findings.verdict.sentence),
    `[Open the trace](${facts.traceUrl})`,
    ...(findings === undefined ? [] : [...ledgerTable(findings), ...findingTable(findings)]),
    factList(facts),
    ...(facts.doubts.length === 0
      ? []
      : [["**Doubts**", ...facts.doubts.map((it) => `- ${markdownText(it)}`)].join("\n")]),
  ];
}

function ledgerTable(reply: FindingsReply): string[] {
  const { verdict, findings } = reply;
  if (verdict.clauses.length === 0) return [];
  const { fixed } = computeLedger(reply);
  const leftOf = new Map(fixed?.segments.map(({ clauseIndex, timeUs }) => [clauseIndex, timeUs]));
  const kind = fixed === undefined ? undefined : findings[fixed.findingIndex]?.kind;
  const cell = (us: number) => formatDuration(us);
  const rows = verdict.clauses.map(({ text, timeUs }, at) => {
    const left = fixed === undefined ? "" : ` ${cell(leftOf.get(at) ?? 0)} |`;
    return `| ${markdownText(text)} | ${cell(timeUs)} |${left}`;
  });
  const fixedHead = kind === undefined ? "" : ` ${KIND_LABELS[kind]} fixed |`;
  return [
    [
      `| Where the time went | ${subjectOf(verdict)} |${fixedHead}`,
      `|---|---:|${fixed === undefined ? "" : "---:|"}`,
      ...rows,
      `| **Together** | **${cell(verdict.durationUs)}** |${fixed === undefined ? "" : ` **${cell(fixed.durationUs)}** |`}`,
    ].join("\n"),
  ];
}

const IN_TABLE = { isInTable: true };

function findingTable({ findings }: FindingsReply): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ kind, severity, service, operation, shareOfTrace, savesUs, sentence }) =>
    [
      `| ${severity}`,
      `**${KIND_LABELS[kind]}** ${markdownCode(operation, IN_TABLE)} of ${markdownCode(service, IN_TABLE)}: ${markdownText(sentence)}`,
      formatShare(shareOfTrace),
      `${formatDuration(savesUs)} |`,
    ].join(" | "),
  );
  return [["| Severity | Finding | Share | Fixing it saves |", "|---|---|---:|---:|", ...rows].join("\n")];
}

function factList({ rootService, traceId, startedAt, facts, usual }: ReportFacts): string {
  const lines = [
    `- Trace ${markdownCode(traceId)} of ${markdownCode(rootService)}`,
    `- Began ${markdownText(startedAt)}`,
    ...facts.map(([name, value]) => `- ${markdownText(name)}: ${markdownText(value)}`),
  ];
  if (usual !== undefined && usual.count > 0) {
    const sample = `${usual.count.toLocaleString("en-US")} ${usual.count === 1 ? "trace" : "traces"}`;
    lines.push(`- Usual: p50 ${formatDuration(usual.p50Us)}, p95 ${formatDuration(usual.p95Us)}, of ${sample}`);
  }
  return lines.join("\n");
}
