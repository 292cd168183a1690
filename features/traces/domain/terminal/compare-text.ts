import { formatCount, formatDuration } from "@/lib/format";
import type { ComparedStep, CompareReply } from "../paths/compare-schema";
import { type Column, toTable, wrap } from "./columns";

/** Of one request a side there is one number, which is its duration. */
const ONE = [["duration", "meanUs"]] as const;
const QUANTILES = ["p50Us", "p75Us", "p95Us", "p99Us", "meanUs"] as const;

/** The verdict, the quantiles of both sides, and the steps that changed, the largest change first. */
export function toCompareText(reply: CompareReply, { width, maxRows }: { width: number; maxRows: number }): string {
  const changed = reply.steps
    .filter(({ state }) => state !== "alike")
    .sort((a, b) => Math.abs(b.changeUs) - Math.abs(a.changeUs));
  return [
    ...wrap(reply.verdict.sentence, width),
    "",
    ...toTable(quantileRows(reply), width),
    "",
    ...(changed.length === 0 ? ["No step changed."] : toTable(changed.slice(0, maxRows).map(stepRow), width)),
    ...(changed.length > maxRows ? [`… ${formatCount(changed.length - maxRows)} more`] : []),
    ...reply.checks.filter(({ isOk }) => !isOk).flatMap(({ text }) => ["", ...wrap(text, width)]),
  ].join("\n");
}

function quantileRows({ before, after }: CompareReply): Column[][] {
  const head: Column[] = [{ text: "" }, { text: "before", align: "right" }, { text: "after", align: "right" }];
  const traces: Column[] = [
    { text: "traces" },
    { text: formatCount(before.seenCount), align: "right" },
    { text: formatCount(after.seenCount), align: "right" },
  ];
  const isPair = before.seenCount === 1 && after.seenCount === 1;
  const named = isPair ? ONE : QUANTILES.map((name) => [name.replace("Us", ""), name] as const);
  const rows = named.map(([text, name]): Column[] => [
    { text },
    { text: formatDuration(before.quantiles[name]), align: "right" },
    { text: formatDuration(after.quantiles[name]), align: "right" },
  ]);
  return [head, traces, ...rows].map((row) => [...row, { text: "" }]);
}

function stepRow({ state, changeUs, before, after, service, name, detail }: ComparedStep): Column[] {
  return [
    { text: `${changeUs < 0 ? "−" : "+"}${formatDuration(Math.abs(changeUs))}`, align: "right" },
    { text: state },
    { text: `${callsText(before.calls)} → ${callsText(after.calls)} calls`, align: "right" },
    { text: `${service} ${name}${detail === "" ? "" : `  ${detail}`}` },
  ];
}

const callsText = (calls: number): string => (Number.isInteger(calls) ? String(calls) : calls.toFixed(1));
