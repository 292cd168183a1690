import { z } from "zod";
import { pool, prisma, transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import type { RunbookSource, RunbookSummary } from "../contract";
import { problemSchema } from "../domain/problem";
import { RUN_STATUSES } from "../domain/run-state";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "../domain/runbook-kind";
import { stepTreeSchema } from "../domain/step-tree";

/** Hint that the list of runbooks or the state of a source changed. */
export const RUNBOOKS_TOPIC = "runbooks";
const SYNC_LOCK = 571_001;

const wordsSchema = z.array(z.string());

/** The part of a parsed runbook that is kept as one JSON column. */
export const parsedColumnSchema = z.object({
  owners: wordsSchema,
  tags: wordsSchema,
  services: wordsSchema,
  environments: wordsSchema,
  alerts: wordsSchema,
  headings: wordsSchema,
  placeholders: wordsSchema,
  problems: z.array(problemSchema),
});
export type ParsedColumn = z.infer<typeof parsedColumnSchema>;

/** A runbook ready to be stored. */
export type RunbookRecord = {
  id: string;
  path: string;
  blob: string;
  commit: string | null;
  text: string;
  title: string;
  summary: string;
  kind: string;
  status: string;
  isTemplate: boolean;
  stepCount: number;
  parserVersion: number;
  parsed: ParsedColumn;
  tree: z.infer<typeof stepTreeSchema>;
  changedAt: Date;
  changedBy: string | null;
};

export type SourceRecord = {
  name: string;
  position: number;
  kind: string;
  location: string;
  ref: string | null;
};

/** Runs `work` unless another worker is at it; then nothing happens. */
export async function withSyncLock(work: () => Promise<void>): Promise<void> {
  const client = await pool().connect();
  try {
    const { rows } = await client.query<{ ok: boolean }>("select pg_try_advisory_lock($1) as ok", [SYNC_LOCK]);
    if (rows[0]?.ok !== true) return;
    try {
      await work();
    } finally {
      await client.query("select pg_advisory_unlock($1)", [SYNC_LOCK]);
    }
  } finally {
    client.release();
  }
}

/** Makes the stored sources those of the settings; a source that left takes its runbooks with it, runs stay. */
export async function saveSources(sources: readonly SourceRecord[]): Promise<void> {
  const names = sources.map(({ name }) => name);
  await prisma().runbookSource.deleteMany({ where: { name: { notIn: names } } });
  for (const { name, ...rest } of sources) {
    await prisma().runbookSource.upsert({ where: { name }, create: { name, ...rest }, update: rest });
  }
}

/** What was stored when a source was last read without trouble; `undefined` before. */
export async function findSignature(name: string): Promise<string | undefined> {
  const row = await prisma().runbookSource.findUnique({ where: { name }, select: { signature: true } });
  return row?.signature || undefined;
}

/** Content ids of the stored runbooks of a source, by path. */
export async function listBlobs(name: string): Promise<Map<string, string>> {
  const rows = await prisma().runbook.findMany({ where: { sourceName: name }, select: { path: true, blob: true } });
  return new Map(rows.map(({ path, blob }) => [path, blob]));
}

/** All or nothing: the runbooks of a source as they are now, and that it could be read. */
export async function saveSourceContent(
  name: string,
  content: { commit: string | null; signature: string; notes: string[]; paths: string[]; changed: RunbookRecord[] },
): Promise<void> {
  await transaction(async (client) => {
    await client.query("delete from runbook where source_name = $1 and not (path = any($2::text[]))", [
      name,
      content.paths,
    ]);
    for (const runbook of content.changed) {
      await client.query("delete from runbook where source_name = $1 and path = $2 and id <> $3", [
        name,
        runbook.path,
        runbook.id,
      ]);
    }
    for (const runbook of content.changed) {
      await client.query(UPSERT_RUNBOOK, [
        runbook.id,
        name,
        runbook.path,
        runbook.blob,
        runbook.commit,
        runbook.text,
        runbook.title,
        runbook.summary,
        runbook.kind,
        runbook.status,
        runbook.isTemplate,
        runbook.stepCount,
        runbook.parserVersion,
        JSON.stringify(runbook.parsed),
        JSON.stringify(runbook.tree),
        runbook.changedAt,
        runbook.changedBy,
      ]);
    }
    await client.query("update runbook set commit = $2 where source_name = $1 and commit is distinct from $2", [
      name,
      content.commit,
    ]);
    await client.query(
      `update runbook_source set commit = $2, signature = $3, notes = $4, failure = null, synced_at = now(), checked_at = now()
       where name = $1`,
      [name, content.commit, content.signature, JSON.stringify(content.notes)],
    );
    await notify(RUNBOOKS_TOPIC, client);
  });
}

/**
 * A source was looked at: nothing new (`failure` null), or why it could not be read. What is stored stays.
 * @returns whether this differs from what was known, and thus deserves a line in the log.
 */
export async function saveSourceCheck(name: string, failure: string | null): Promise<boolean> {
  const { rows } = await pool().query<{ is_new: boolean }>(
    `update runbook_source s set checked_at = now(), failure = $2,
       synced_at = case when $2::text is null then now() else s.synced_at end
     from (select name, failure from runbook_source where name = $1 for update) before
     where s.name = before.name returning before.failure is distinct from $2 as is_new`,
    [name, failure],
  );
  return rows[0]?.is_new ?? false;
}

/** All sources in the order of the settings. */
export async function listSources(): Promise<RunbookSource[]> {
  const rows = await prisma().runbookSource.findMany({
    orderBy: { position: "asc" },
    include: { _count: { select: { runbooks: true } } },
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
  return { ...row, parsed: parsedColumnSchema.parse(row.parsed), tree: stepTreeSchema.parse(row.tree) };
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

const SELECT_SUMMARY = `
  select b.id, b.source_name, b.path, b.title, b.summary, b.kind, b.status, b.is_template, b.step_count, b.parsed,
    b.changed_at, b.changed_by, r.id as last_run_id, coalesce(r.ended_at, r.started_at) as last_run_at,
    r.status as last_run_status,
    (select count(*) from run a where a.runbook_id = b.id and a.status = 'active') as active_runs
  from runbook b
  join runbook_source s on s.name = b.source_name
  left join lateral (select * from run where runbook_id = b.id order by id desc limit 1) r on true`;
const ORDER_SUMMARY = "order by s.position, lower(b.title), b.id";
const UPSERT_RUNBOOK = `
  insert into runbook (id, source_name, path, blob, commit, text, title, summary, kind, status, is_template, step_count,
    parser_version, parsed, tree, changed_at, changed_by, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, clock_timestamp())
  on conflict (id) do update set source_name = excluded.source_name, path = excluded.path, blob = excluded.blob,
    commit = excluded.commit, text = excluded.text, title = excluded.title, summary = excluded.summary,
    kind = excluded.kind, status = excluded.status, is_template = excluded.is_template,
    step_count = excluded.step_count, parser_version = excluded.parser_version, parsed = excluded.parsed,
    tree = excluded.tree, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
    updated_at = excluded.updated_at`;
