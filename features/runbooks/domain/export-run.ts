import type { RunEvent, RunEventType } from "./run-state";

export const EXPORT_FORMATS = ["markdown", "json", "csv"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export tells of a run beside its log. */
export type ExportedRun = {
  id: string;
  title: string;
  runbookId: string;
  commit: string | null;
  blob: string;
  status: string;
  startedBy: string;
  startedAt: string;
  endedBy: string | null;
  endedAt: string | null;
  endReason: string;
  params: Readonly<Record<string, string>>;
  roles: Readonly<Record<string, string>>;
  events: readonly RunEvent[];
  /** In the order of the runbook: number, words, state and who settled it. */
  steps: readonly { id: string; key: string; title: string; status: string; by: string; at: string; text: string }[];
};

const WORDS: Record<RunEventType, string> = {
  start: "started the run",
  begin: "began",
  tick: "ticked",
  untick: "unticked",
  skip: "skipped",
  na: "found not applicable",
  fail: "reported as failed",
  override: "overrode the check of",
  ask: "asked for approval of",
  approve: "approved",
  reject: "refused",
  choose: "chose",
  sense: "found true",
  lapse: "found no longer true",
  regain: "found true again",
  assign: "handed over",
  note: "wrote",
  abort: "backed out",
  resume: "went on instead of backing out",
  finish: "finished the run",
  abandon: "abandoned the run",
};

const COLUMNS = ["sequence", "at", "made_at", "actor", "type", "step", "step_title", "text", "evidence"] as const;

/** The log as a table for a spreadsheet: one line an event, RFC 4180. Nothing in it is taken for a formula. */
export function toCsv(run: ExportedRun): string {
  const titles = new Map(run.steps.map(({ id, title }) => [id, title]));
  const lines = run.events.map(({ sequence, at, actor, type, stepId, text, data = {} }) => [
    String(sequence),
    at,
    data.madeAt ?? "",
    actor,
    type,
    stepId ?? "",
    titles.get(stepId ?? "") ?? "",
    text,
    data.evidence ?? "",
  ]);
  return [[...COLUMNS], ...lines].map((cells) => `${cells.map(toCell).join(",")}\r\n`).join("");
}

/** The record of the run to be pasted into an issue or kept beside the runbook: what it was, its steps, its timeline. */
export function toMarkdown(run: ExportedRun): string {
  const facts = [
    ["Runbook", `${run.runbookId} at ${(run.commit ?? run.blob).slice(0, 12)}`],
    ["Started", `${run.startedAt} by ${run.startedBy}`],
    ["Ended", run.endedAt === null ? "not yet" : `${run.endedAt} by ${run.endedBy ?? ""}, ${run.status}`],
    ...(run.endReason === "" ? [] : [["Reason", run.endReason]]),
    ...Object.entries(run.params),
    ...Object.entries(run.roles).filter(([, person]) => person !== ""),
  ];
  const steps = run.steps.map(
    ({ id, title, status, by, at, text }) =>
      `| ${id} | ${plain(title)} | ${status.replace("-", " ")} | ${plain(by)} | ${at} | ${plain(text)} |\n`,
  );
  return [
    `# Run ${run.id}: ${plain(run.title)}\n\n`,
    ...facts.map(([name = "", value = ""]) => `- ${plain(name)}: ${plain(value)}\n`),
    "\n## Steps\n\n| # | Step | State | By | At | Said |\n|---|---|---|---|---|---|\n",
    ...steps,
    "\n## Timeline\n\n",
    ...run.events.map((event) => `- ${tellEvent(event)}\n`),
  ].join("");
}

function tellEvent({ at, actor, type, stepId, text, data = {} }: RunEvent): string {
  const about = stepId === null ? "" : ` step ${stepId}`;
  const to = type === "assign" ? ` ${plain(data.role ?? "")} to ${plain(data.person ?? "")}` : "";
  const late = data.madeAt === undefined ? "" : ` (done at ${data.madeAt}, sent later)`;
  const said = text === "" ? "" : `: ${plain(text)}`;
  const evidence = data.evidence === undefined ? "" : ` [evidence: ${plain(data.evidence)}]`;
  return `${at} ${plain(actor)} ${WORDS[type]}${about}${to}${late}${said}${evidence}`;
}

/** One line of words that Markdown and HTML make nothing else of. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~!@&]/g, (mark) => `\\${mark}`)
    .trim();
}

/** A cell that begins like a formula gets a quote before it, as spreadsheets take it for text then. */
function toCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
