import type { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { takeLead } from "@/server/db/take-lead";
import { notify } from "@/server/realtime/listen";
import type { stepTreeSchema } from "../domain/step-tree";
import type { ParsedColumn } from "./runbook-repository";

// What the sync of a worker stores. Plain SQL, so that a worker never loads Prisma.

/** Hint that the list of runbooks or the state of a source changed. */
export const RUNBOOKS_TOPIC = "runbooks";
const SYNC_LOCK = 571_001;
const SYNC_LEAD = { leaseMs: 30_000, renewMs: 10_000 };

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

/** Runs `work` unless another worker is at it; then nothing happens. One that froze is no longer at it. */
export async function withSyncLock(work: () => Promise<void>): Promise<void> {
  const lead = await takeLead(SYNC_LOCK, SYNC_LEAD);
  if (lead === undefined) return;
  try {
    await work();
  } finally {
    await lead.end();
  }
}

/** Makes the stored sources those of the settings; a source that left takes its runbooks with it, runs stay. */
export async function saveSources(sources: readonly SourceRecord[]): Promise<void> {
  const names = sources.map(({ name }) => name);
  await pool().query("delete from runbook_source where not (name = any($1::text[]))", [names]);
  for (const { name, position, kind, location, ref } of sources) {
    await pool().query(UPSERT_SOURCE, [name, position, kind, location, ref]);
  }
}

/** What was stored when a source was last read without trouble; `undefined` before. */
export async function findSignature(name: string): Promise<string | undefined> {
  const { rows } = await pool().query<{ signature: string }>("select signature from runbook_source where name = $1", [
    name,
  ]);
  return rows[0]?.signature || undefined;
}

/** Content ids of the stored runbooks of a source, by path. */
export async function listBlobs(name: string): Promise<Map<string, string>> {
  const { rows } = await pool().query<{ path: string; blob: string }>(
    "select path, blob from runbook where source_name = $1",
    [name],
  );
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

/** Unchanged settings write nothing: this runs every few seconds. */
const UPSERT_SOURCE = `
  insert into runbook_source as s (name, position, kind, location, ref) values ($1, $2, $3, $4, $5)
  on conflict (name) do update set position = excluded.position, kind = excluded.kind, location = excluded.location,
    ref = excluded.ref
  where (s.position, s.kind, s.location, s.ref)
    is distinct from (excluded.position, excluded.kind, excluded.location, excluded.ref)`;
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
