import { z } from "zod";
import { pool } from "@/server/db/client";
import { prisma } from "@/server/db/prisma";
import type { RunbookSource, RunbookSummary } from "../contract";
import { runbookParamSchema } from "../domain/params";
import { problemSchema } from "../domain/problem";
import { RUN_STATUSES } from "../domain/run-state";
import { runbookCareSchema } from "../domain/runbook-care";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "../domain/runbook-kind";
import { stepTreeSchema } from "../domain/step-tree";

const wordsSchema = z.array(z.string());

/** The part of a parsed runbook that is kept as one JSON column. */
export const parsedColumnSchema = z.object({
  owners: wordsSchema,
  tags: wordsSchema,
  services: wordsSchema,
  environments: wordsSchema,
  alerts: wordsSchema,
  // Rows of an older parser have none until they are read again.
  operations: wordsSchema.default([]),
  findings: wordsSchema.default([]),
  headings: wordsSchema,
  placeholders: wordsSchema,
  params: z.array(runbookParamSchema).default([]),
  care: z.preprocess((care) => care ?? {}, runbookCareSchema),
  problems: z.array(problemSchema),
});
export type ParsedColumn = z.infer<typeof parsedColumnSchema>;

/** All sources in the order of the settings. */
export async function listSources(): Promise<RunbookSource[]> {
  const rows = await prisma().runbookSource.findMany({
    orderBy: { position: "asc" },
    select: {
      name: true,
      kind: true,
      location: true,
      ref: true,
      commit: true,
      syncedAt: true,
      checkedAt: true,
      failure: true,
      notes: true,
      _count: { select: { runbooks: true } },
    },
  });
  return rows.map((row) => ({
    name: row.name,
    kind: z.enum(["directory", "git"]).parse(row.kind),
    location: row.location,
    ref: row.ref,
    commit: row.commit,
    syncedAt: row.syncedAt?.toISOString() ?? null,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    failure: row.failure,
    notes: wordsSchema.parse(row.notes),
    runbookCount: row._count.runbooks,
  }));
}

/** Changes whenever any stored runbook does: key for what is computed from all of them. */
export async function readCatalogueVersion(): Promise<string> {
  const { rows } = await pool().query<{ version: string }>(
    "select concat(count(*), '-', extract(epoch from max(updated_at))) as version from runbook",
  );
  return rows[0]?.version ?? "";
}

const summaryRowSchema = z.object({
  id: z.string(),
  source_name: z.string(),
  path: z.string(),
  title: z.string(),
  summary: z.string(),
  kind: z.enum(RUNBOOK_KINDS),
  status: z.enum(RUNBOOK_STATUSES),
  is_template: z.boolean(),
  step_count: z.number(),
  parsed: parsedColumnSchema,
  changed_at: z.date(),
  changed_by: z.string().nullable(),
  last_run_id: z.number().nullable(),
  last_run_at: z.date().nullable(),
  last_run_status: z.enum(RUN_STATUSES).nullable(),
  active_runs: z.number(),
});

/** Every runbook without its text, with its newest run. */
export async function listRunbookSummaries(id?: string): Promise<RunbookSummary[]> {
  const { rows } = await pool().query(
    `${SELECT_SUMMARY} ${id === undefined ? "" : "where b.id = $1"} ${ORDER_SUMMARY}`,
    id === undefined ? [] : [id],
  );
  return z.array(summaryRowSchema).parse(rows).map(toSummary);
}

/** Texts for the search index. */
export async function listSearchTexts(): Promise<{ id: string; text: string; parsed: ParsedColumn }[]> {
  const rows = await prisma().runbook.findMany({ select: { id: true, text: true, parsed: true } });
  return rows.map(({ id, text, parsed }) => ({ id, text, parsed: parsedColumnSchema.parse(parsed) }));
}

const contentSelect = {
  id: true,
  sourceName: true,
  path: true,
  blob: true,
  commit: true,
  text: true,
  title: true,
  stepCount: true,
  status: true,
  isTemplate: true,
  parserVersion: true,
  parsed: true,
  tree: true,
} as const;

/** The whole content of one runbook. */
export async function findRunbookContent(id: string) {
  const row = await prisma().runbook.findUnique({ where: { id }, select: contentSelect });
  if (row === null) return undefined;
  return {
    ...row,
    status: z.enum(RUNBOOK_STATUSES).parse(row.status),
    parsed: parsedColumnSchema.parse(row.parsed),
    tree: stepTreeSchema.parse(row.tree),
  };
}

/** Ids by path of one source, for links between its files. */
export async function listIdsByPath(sourceName: string): Promise<Record<string, string>> {
  const rows = await prisma().runbook.findMany({ where: { sourceName }, select: { path: true, id: true } });
  return Object.fromEntries(rows.map(({ path, id }) => [path, id]));
}

function toSummary(row: z.infer<typeof summaryRowSchema>): RunbookSummary {
  const { owners, tags, services, alerts, problems } = row.parsed;
  const errorCount = problems.filter(({ severity }) => severity === "error").length;
  return {
    id: row.id,
    source: row.source_name,
    path: row.path,
    title: row.title,
    summary: row.summary,
    kind: row.kind,
    status: row.status,
    isTemplate: row.is_template,
    owners,
    tags,
    services,
    alerts,
    stepCount: row.step_count,
    errorCount,
    warningCount: problems.length - errorCount,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    lastRun: toLastRun(row),
    activeRunCount: row.active_runs,
  };
}

function toLastRun(row: z.infer<typeof summaryRowSchema>): RunbookSummary["lastRun"] {
  const { last_run_id: id, last_run_at: at, last_run_status: status } = row;
  return id === null || at === null || status === null ? null : { id: String(id), at: at.toISOString(), status };
}

/** Every runbook with what it is for, for matching. */
export async function listRunbookAims(): Promise<{ summary: RunbookSummary; parsed: ParsedColumn }[]> {
  const { rows } = await pool().query(`${SELECT_SUMMARY} ${ORDER_SUMMARY}`);
  return z
    .array(summaryRowSchema)
    .parse(rows)
    .map((row) => ({ summary: toSummary(row), parsed: row.parsed }));
}

const SELECT_SUMMARY = `
  select b.id, b.source_name, b.path, b.title, b.summary, b.kind, b.status, b.is_template, b.step_count, b.parsed,
    b.changed_at, b.changed_by, r.id as last_run_id, coalesce(r.ended_at, r.started_at) as last_run_at,
    r.status as last_run_status,
    (select count(*) from run a where a.runbook_id = b.id and a.status = 'active') as active_runs
  from runbook b
  join runbook_source s on s.name = b.source_name
  left join lateral (select * from run where runbook_id = b.id order by id desc limit 1) r on true`;
const ORDER_SUMMARY = "order by s.position, lower(b.title), b.id";
