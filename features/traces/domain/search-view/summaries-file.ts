import type { TraceSummary } from "../trace-summary";

const HEAD = [
  "trace_id",
  "root_service",
  "root_operation",
  "started",
  "duration_us",
  "spans",
  "error_spans",
  "services",
];

/** Lines as spreadsheets read them: quotes doubled, and text that a spreadsheet would run as a formula made text. */
export function toCsv(summaries: readonly TraceSummary[]): string {
  const rows = summaries.map((summary) =>
    [
      summary.traceId,
      summary.rootService,
      summary.rootOperation,
      new Date(summary.startUs / 1000).toISOString(),
      summary.durationUs,
      summary.spanCount,
      summary.errorSpanCount,
      summary.services.map(({ name, spanCount }) => `${name}=${spanCount}`).join(" "),
    ]
      .map(toCell)
      .join(","),
  );
  return `${[HEAD.join(","), ...rows].join("\r\n")}\r\n`;
}

/** The same traces for a machine. */
export function toJsonFile(summaries: readonly TraceSummary[]): string {
  return `${JSON.stringify(summaries, null, 2)}\n`;
}

function toCell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
