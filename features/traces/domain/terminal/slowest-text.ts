import { formatCount, formatDuration } from "@/lib/format";
import { US_PER_MS } from "@/lib/units";
import type { SlowestProgress, SlowestResult } from "../facts/slowest-schema";
import { lengthNote } from "../length-note";
import { type Column, toTable, wrap } from "./columns";

/** One line while the answer is being proven. */
export function toSlowestProgressText({ asked, seen, found, sweptShare }: SlowestProgress): string {
  const read = sweptShare === null ? "" : `, ${Math.floor(sweptShare * 100)} % of the window read`;
  return `${formatCount(found)} found, ${formatCount(seen)} traces seen, ${formatCount(asked)} questions${read}`;
}

/** Why a length is not simply what the caller waited. */
function noteOf(trace: SlowestResult["traces"][number]): string {
  const note = lengthNote(trace);
  return note === undefined ? "" : `  (${note.text})`;
}

/** The ranking as a table under what is proven of it. */
export function toSlowestText(result: SlowestResult, { width }: { width: number }): string {
  const rows = result.traces.map((trace): Column[] => [
    { text: formatDuration(trace.durationUs), align: "right" },
    { text: `${formatCount(trace.spanCount)} spans`, align: "right" },
    { text: trace.errorSpanCount === 0 ? "" : `${formatCount(trace.errorSpanCount)} failed`, align: "right" },
    { text: new Date(trace.startUs / US_PER_MS).toISOString().slice(0, 19) },
    { text: trace.traceId },
    { text: `${trace.rootService || "root missing"}  ${trace.rootOperation}${noteOf(trace)}` },
  ]);
  return [
    ...wrap(result.text, width),
    ...wrap(result.reason.text, width),
    ...(rows.length === 0 ? ["No trace matches in this window."] : ["", ...toTable(rows, width), ""]),
    ...(result.caveat === null ? [] : wrap(result.caveat.text, width)),
    ...result.notes.flatMap(({ text }) => wrap(text, width)),
  ].join("\n");
}
