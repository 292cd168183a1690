import { formatDuration, formatShare } from "@/lib/format";
import { doubtText } from "../diagnosis/doubt-text";
import type { FindingsReply } from "../diagnosis/finding";
import { printable, toTable, wrap } from "./columns";

const SEVERITY_MARKS = { critical: "!!", warning: "! ", info: "  " } as const;

/** The verdict, its ledger and the findings with what each would save. */
export function toExplainText({ verdict, findings, evidence }: FindingsReply, { width }: { width: number }): string {
  const ledger = verdict.clauses.map(({ timeUs, text }) => [
    { text: formatDuration(timeUs), align: "right" as const },
    { text: verdict.durationUs === 0 ? "" : formatShare(timeUs / verdict.durationUs), align: "right" as const },
    { text },
  ]);
  const listed = findings.flatMap(({ kind, severity, service, operation, sentence, savesUs, usual }, at) => [
    "",
    `${SEVERITY_MARKS[severity]} ${kind}  ${printable(service)}  ${printable(operation)}`,
    ...wrap(sentence, width - 3).map((line) => `   ${line}`),
    `   ${savesText(savesUs, verdict.durationUs - (evidence.savedDurationsUs[at] ?? verdict.durationUs))}${usual === undefined ? "" : `; usual ${formatDuration(usual.p50Us)}, p95 ${formatDuration(usual.p95Us)} in ${usual.count} traces`}`,
  ]);
  // A slowness that nothing explains is in the sentence.
  const calm = doubtText(verdict, findings) === undefined ? ["", "Nothing stands out."] : [];
  return [
    ...wrap(verdict.sentence, width),
    ...(ledger.length === 0 ? [] : ["", ...toTable(ledger, width)]),
    ...(findings.length === 0 ? calm : listed),
  ].join("\n");
}

function savesText(savesUs: number, aloneUs: number): string {
  if (savesUs > 0) return `without it ${formatDuration(savesUs)} less`;
  return aloneUs > 0 ? "saves no more than what stands before it" : "saves no time here";
}
