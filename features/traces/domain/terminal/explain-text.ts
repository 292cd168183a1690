import { formatDuration, formatShare } from "@/lib/format";
import { doubtText } from "../diagnosis/doubt-text";
import type { FindingsReply } from "../diagnosis/finding";
import { printable, toTable, wrap } from "./columns";

const SEVERITY_MARKS = { critical: "!!", warning: "! ", info: "  " } as const;

/** The verdict, its ledger and the findings with what each would save. */
export function toExplainText({ verdict, findings }: FindingsReply, { width }: { width: number }): string {
  const ledger = verdict.clauses.map(({ timeUs, text }) => [
    { text: formatDuration(timeUs), align: "right" as const },
    { text: verdict.durationUs === 0 ? "" : formatShare(timeUs / verdict.durationUs), align: "right" as const },
    { text },
  ]);
  const listed = findings.flatMap(({ kind, severity, service, operation, sentence, savesUs, usual }) => [
    "",
    `${SEVERITY_MARKS[severity]} ${kind}  ${printable(service)}  ${printable(operation)}`,
    ...wrap(sentence, width - 3).map((line) => `   ${line}`),
    `   ${savesText(savesUs)}${usual === undefined ? "" : `; usual ${formatDuration(usual.p50Us)}, p95 ${formatDuration(usual.p95Us)} in ${usual.count} traces`}`,
  ]);
  // A slowness that nothing explains is in the sentence.
  const calm = doubtText(verdict, findings) === undefined ? ["", "Nothing stands out."] : [];
  return [
    ...wrap(verdict.sentence, width),
    ...(ledger.length === 0 ? [] : ["", ...toTable(ledger, width)]),
    ...(findings.length === 0 ? calm : listed),
  ].join("\n");
}

const savesText = (savesUs: number): string =>
  savesUs === 0 ? "saves no time here" : `without it ${formatDuration(savesUs)} less`;
