import { formatCount, formatDuration } from "@/lib/format";
import type { CompareReply } from "../paths/compare-schema";
import { markdownText } from "../verdict/markdown-text";
import { toRequestRows } from "./request-table";

const MAX_STEPS = 12;
const SIGNS = { new: "+ new", gone: "− gone", grew: "▲ grew", fell: "▼ fell", alike: "alike" } as const;

type Named = { title: string; before: string; after: string; url: string };

/** The comparison as Markdown, for an issue: the sentence, the table, what changed, how far it can be trusted. */
export function toCompareReport(reply: CompareReply, { title, before, after, url }: Named): string {
  const changed = reply.steps
    .filter(({ state }) => state !== "alike")
    .sort((a, b) => Math.abs(b.changeUs) - Math.abs(a.changeUs))
    .slice(0, MAX_STEPS);
  const rows = toRequestRows(reply);
  return [
    `## ${cell(title)}`,
    "",
    cell(reply.verdict.sentence, 2000),
    "",
    `| Per request | ${cell(before)} | ${cell(after)} | × |`,
    "| --- | ---: | ---: | ---: |",
    ...rows.map((row) => `| ${cell(row.label)} | ${row.before} | ${row.after} | ${ratioText(row)} |`),
    "",
    ...(changed.length === 0
      ? ["No step changed beyond chance."]
      : ["| Step | Calls | Change in own work | |", "| --- | ---: | ---: | --- |"]),
    ...changed.map(
      (step) =>
        `| ${cell(`${step.service}: ${step.name}`)} | ${calls(step.before.calls)} → ${calls(step.after.calls)} | ${signed(step.changeUs)} | ${SIGNS[step.state]} |`,
    ),
    "",
    ...reply.checks.map(({ isOk, text }) => `- [${isOk ? "x" : " "}] ${cell(text)}`),
    "",
    `Read ${formatCount(reply.before.readCount)} of ${formatCount(reply.before.seenCount)} requests before, ${formatCount(reply.after.readCount)} of ${formatCount(reply.after.seenCount)} after.`,
    ...exampleLines("Before", reply.before.exemplars),
    ...exampleLines("After", reply.after.exemplars),
    "",
    url,
    "",
  ].join("\n");
}

/** "+503 ms", "−4.1 ms". */
export function signed(changeUs: number): string {
  if (Math.round(changeUs) === 0) return "0";
  return `${changeUs < 0 ? "−" : "+"}${formatDuration(Math.abs(changeUs))}`;
}

/** "66", "0.4": whole from ten on; "< 0.1" where there are hardly any. */
export function calls(count: number): string {
  if (count > 0 && count < 0.05) return "< 0.1";
  return count >= 10 || Number.isInteger(count) ? formatCount(Math.round(count)) : String(Math.round(count * 10) / 10);
}

/** "2.4 ×", "alike", "none" where none is left, "–". */
export function ratioText({ ratio, isAlike }: { ratio: number | null; isAlike: boolean }): string {
  if (isAlike) return "alike";
  if (ratio === null) return "–";
  if (ratio === 0) return "none";
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(ratio >= 0.1 ? 1 : 2)}\u202f×`;
}

function exampleLines(side: string, exemplars: readonly string[]): string[] {
  return exemplars.length === 0 ? [] : [`${side}: ${exemplars.map((id) => `\`${id}\``).join(", ")}`];
}

/** Names come from traces: nothing in them must become markup, a link or a mention. */
function cell(text: string, maxLength = 160): string {
  return markdownText(text.slice(0, maxLength).toWellFormed());
}
