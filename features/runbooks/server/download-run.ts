import { type ExportedRun, type ExportFormat, toCsv, toMarkdown } from "../domain/export-run";
import { stepStateOf } from "../domain/run-state";
import { stepsOf } from "../domain/step-tree";
import { getRun } from "./runs";

const KINDS = {
  markdown: { type: "text/markdown; charset=utf-8", ending: "md" },
  csv: { type: "text/csv; charset=utf-8", ending: "csv" },
  json: { type: "application/json", ending: "json" },
} as const satisfies Record<ExportFormat, { type: string; ending: string }>;

/** A run's record as a file. @throws AppError not_found. */
export async function downloadRun(runId: string, format: ExportFormat): Promise<Response> {
  const run = toExported(await getRun(runId));
  const text =
    format === "json" ? `${JSON.stringify(run, null, 2)}\n` : format === "csv" ? toCsv(run) : toMarkdown(run);
  const { type, ending } = KINDS[format];
  return new Response(text, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="run-${run.id}.${ending}"`,
      "cache-control": "no-store",
    },
  });
}

function toExported(run: Awaited<ReturnType<typeof getRun>>): ExportedRun {
  const { id, title, runbookId, commit, blob, status, startedBy, startedAt, endedBy, endedAt, endReason } = run;
  const steps = stepsOf(run.tree).map((step) => {
    const { status: state, by, at, text } = stepStateOf(run, step.id);
    return { id: step.id, key: step.rules?.key ?? "", title: step.title, status: state, by, at, text };
  });
  const facts = { id, title, runbookId, commit, blob, status, startedBy, startedAt, endedBy, endedAt, endReason };
  return { ...facts, params: run.params, roles: run.roles, steps, events: run.events };
}
