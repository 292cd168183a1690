import type { PoolClient } from "pg";
import { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import type { RunQuery, RunSummary, UsualDuration } from "../contract";
import { RUN_STATUSES, type RunEvent, runEventDataSchema, runEventSchema } from "../domain/run-state";
import { type StepTree, stepTreeSchema } from "../domain/step-tree";

/** Hint that some run began, moved on or ended; for lists. */
export const RUNS_TOPIC = "runs";

/** Hint that one run has a newer sequence. */
export function runTopic(runId: string): string {
  return `run:${runId}`;
}

export type NewRun = {
  title: string;
  runbookId: string;
  sourceName: string;
  path: string;
  blob: string;
  commit: string | null;
  parserVersion: number;
  text: string;
  tree: StepTree;
  params: Record<string, string>;
  stepCount: number;
  /** Steps that do not apply from the start. */
  skippedCount: number;
  startedBy: string;
  idempotencyKey: string | null;
};

/** One entry for the log, its place given by the lock on its run. */
export type NewRunEvent = RunEvent & { idempotencyKey: string };

/** A run locked for one decision. */
export type LockedRun = {
  sequence: number;
  tree: StepTree;
  params: Record<string, string>;
  startedAt: Date;
  /** The database's clock, read behind the lock: times of the log never run backwards. */
  now: Date;
  log: RunEvent[];
  client: PoolClient;
};

const summaryRowSchema = z.object({
  id: z.coerce.string(),
  title: z.string(),
  runbook_id: z.string(),
  source_name: z.string(),
  path: z.string(),
  commit: z.string().nullable(),
  blob: z.string(),
  status: z.enum(RUN_STATUSES),
  sequence: z.number(),
  step_count: z.number(),
  done_count: z.number(),
  skipped_count: z.number(),
  started_by: z.string(),
  started_at: z.date(),
  ended_by: z.string().nullable(),
  ended_at: z.date().nullable(),
});

/** Creates the run, its first log entry and its audit row together. A repeated key gives the run made first. */
export async function createRun(run: NewRun): Promise<RunSummary> {
  return transaction(async (client) => {
    const { rows } = await client.query(INSERT_RUN, [
      run.title,
      run.runbookId,
      run.sourceName,
      run.path,
      run.blob,
      run.commit,
      run.parserVersion,
      run.text,
      JSON.stringify(run.tree),
      JSON.stringify(run.params),
      run.stepCount,
      run.startedBy,
      run.idempotencyKey,
      run.skippedCount,
    ]);
    const [row] = z.array(summaryRowSchema).parse(rows);
    if (row === undefined) return getRunByKey(client, run.idempotencyKey);
    await client.query(INSERT_EVENT, [row.id, 1, "start", null, run.startedBy, "", "start", {}, new Date()]);
    await insertAudit(client, {
      actor: run.startedBy,
      type: "start",
      runId: row.id,
      detail: { runbook: run.runbookId, blob: run.blob },
    });
    await notify(RUNS_TOPIC, client);
    return toSummary(row);
  });
}

const lockedRowSchema = z.object({
  sequence: z.number(),
  tree: stepTreeSchema,
  params: z.record(z.string(), z.string()),
  started_at: z.date(),
});

/** Locks a run, so that log entries get their places one after the other; `undefined` when there is none. */
export async function withLockedRun<T>(runId: string, work: (run: LockedRun) => Promise<T>): Promise<T | undefined> {
  return transaction(async (client) => {
    const { rows } = await client.query("select sequence, tree, params, started_at from run where id = $1 for update", [
      runId,
    ]);
    const [run] = z.array(lockedRowSchema).parse(rows);
    if (run === undefined) return undefined;
    const clock = await client.query<{ now: Date }>("select clock_timestamp() as now");
    const { started_at: startedAt, ...rest } = run;
    const now = clock.rows[0]?.now ?? new Date();
    return work({ ...rest, startedAt, now, log: await readLog(client, runId), client });
  });
}

/** The entry stored under a key, in the lock of its run. */
export async function findEventByKey(client: PoolClient, runId: string, key: string): Promise<RunEvent | undefined> {
  const { rows } = await client.query(`${SELECT_EVENT} where run_id = $1 and idempotency_key = $2`, [runId, key]);
  return rows.map(toEvent)[0];
}

/** What a new entry makes of its run's columns. */
export type RunProgress = { status: string; doneCount: number; skippedCount: number };

/** Adds an entry, its audit row and the run's new counts in the transaction that holds the lock. */
export async function insertEvent(
  client: PoolClient,
  runId: string,
  { sequence, type, stepId, actor, text, at, data = {}, idempotencyKey }: NewRunEvent,
  progress: RunProgress,
): Promise<RunEvent> {
  const values = [runId, sequence, type, stepId, actor, text, idempotencyKey, data, at];
  const { rows } = await client.query(INSERT_EVENT, values);
  const hasEnded = progress.status !== "active";
  await client.query(
    `update run set sequence = $2, status = $3, done_count = $4, skipped_count = $5,
       ended_by = case when $6 then $7 end, ended_at = case when $6 then now() end where id = $1`,
    [runId, sequence, progress.status, progress.doneCount, progress.skippedCount, hasEnded, actor],
  );
  await insertAudit(client, {
    actor,
    type,
    runId,
    detail: { sequence, ...(stepId === null ? {} : { step: stepId }), ...(text === "" ? {} : { text }) },
  });
  await notify(runTopic(runId), client);
  await notify(RUNS_TOPIC, client);
  return toEvent(rows[0]);
}

/** Newest first. */
export async function listRunSummaries({ status, runbookId, before, limit }: RunQuery): Promise<RunSummary[]> {
  const { rows } = await pool().query(
    `select ${SUMMARY_COLUMNS} from run
     where ($1::text is null or status = $1) and ($2::text is null or runbook_id = $2) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [status ?? null, runbookId ?? null, before ?? null, limit],
  );
  return z.array(summaryRowSchema).parse(rows).map(toSummary);
}

/** A run's summary and log in one snapshot of the database. */
export async function findRunWithLog(
  runId: string,
): Promise<{ run: RunSummary; log: RunEvent[]; tree: StepTree; params: Record<string, string> } | undefined> {
  const { rows } = await pool().query(`select ${SUMMARY_COLUMNS}, tree, params, ${LOG_COLUMN} from run where id = $1`, [
    runId,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { tree, params } = lockedRowSchema.parse(row);
  return {
    run: toSummary(summaryRowSchema.parse(row)),
    log: z.array(runEventSchema).parse(row.log ?? []),
    tree,
    params,
  };
}

/** Fewer finished runs say nothing about the next. */
const LEAST_RUNS = 3;
const RECENT_RUNS = 50;

/** How long the newest finished runs of a runbook took, this one left out; null where there are too few. */
export async function findUsualDuration({ id, runbookId }: RunSummary): Promise<UsualDuration | null> {
  const { rows } = await pool().query<{ n: number; q: number[] | null }>(
    `select count(*) as n, percentile_cont(array[0.2, 0.5, 0.8]) within group (order by took) as q from (
       select extract(epoch from ended_at - started_at)::float8 * 1000 as took from run
       where runbook_id = $1 and id <> $2 and status = 'finished' and ended_at is not null order by id desc limit $3) recent`,
    [runbookId, id, RECENT_RUNS],
  );
  const [row] = rows;
  if (row === undefined || row.n < LEAST_RUNS || row.q === null) return null;
  const [p20Ms = 0, medianMs = 0, p80Ms = 0] = row.q;
  return { count: row.n, p20Ms, medianMs, p80Ms };
}

const contentRowSchema = z.object({ text: z.string(), tree: stepTreeSchema, params: z.record(z.string(), z.string()) });

/** What a run is pinned to. */
export async function findRunContent(runId: string) {
  const { rows } = await pool().query("select text, tree, params from run where id = $1", [runId]);
  const [row] = z.array(contentRowSchema).parse(rows);
  if (row === undefined) return undefined;
  return row;
}

async function getRunByKey(client: PoolClient, key: string | null): Promise<RunSummary> {
  const { rows } = await client.query(`select ${SUMMARY_COLUMNS} from run where idempotency_key = $1`, [key]);
  return toSummary(summaryRowSchema.parse(rows[0]));
}

async function readLog(client: PoolClient, runId: string): Promise<RunEvent[]> {
  const { rows } = await client.query(`${SELECT_EVENT} where run_id = $1 order by sequence`, [runId]);
  return rows.map(toEvent);
}

type Audit = { actor: string; type: string; runId: string; detail: Record<string, unknown> };

async function insertAudit(client: PoolClient, { actor, type, runId, detail }: Audit): Promise<void> {
  await client.query(
    `insert into audit_event (actor, action, subject, detail)
     values ($1, $2, $3, jsonb_build_object('title', (select title from run where id = $5)) || $4::jsonb)`,
    [actor, `run.${type}`, `run:${runId}`, JSON.stringify(detail), runId],
  );
}

const eventRowSchema = z.object({
  sequence: z.number(),
  type: runEventSchema.shape.type,
  step_id: z.string().nullable(),
  actor: z.string(),
  at: z.date(),
  text: z.string(),
  data: runEventDataSchema,
});

function toEvent(row: unknown): RunEvent {
  const { step_id, at, ...rest } = eventRowSchema.parse(row);
  return { ...rest, stepId: step_id, at: at.toISOString() };
}

function toSummary(row: z.infer<typeof summaryRowSchema>): RunSummary {
  return {
    id: row.id,
    title: row.title,
    runbookId: row.runbook_id,
    source: row.source_name,
    path: row.path,
    commit: row.commit,
    blob: row.blob,
    status: row.status,
    sequence: row.sequence,
    startedBy: row.started_by,
    startedAt: row.started_at.toISOString(),
    endedBy: row.ended_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    stepCount: row.step_count,
    doneCount: row.done_count,
    skippedCount: row.skipped_count,
  };
}

const SUMMARY_COLUMNS =
  "id, title, runbook_id, source_name, path, commit, blob, status, sequence, step_count, done_count, skipped_count, started_by, started_at, ended_by, ended_at";
const EVENT_COLUMNS = "sequence, type, step_id, actor, at, text, data";
const SELECT_EVENT = `select ${EVENT_COLUMNS} from run_event`;
/** ISO times as the contract has them, in UTC with milliseconds. */
const LOG_COLUMN = `(select json_agg(json_build_object('sequence', e.sequence, 'type', e.type, 'stepId', e.step_id,
  'actor', e.actor, 'at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'text', e.text, 'data', e.data)
  order by e.sequence) from run_event e where e.run_id = run.id) as log`;
const INSERT_RUN = `
  insert into run (title, runbook_id, source_name, path, blob, commit, parser_version, text, tree, params, step_count,
    started_by, idempotency_key, skipped_count, sequence)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)
  on conflict (idempotency_key) do nothing
  returning ${SUMMARY_COLUMNS}`;
const INSERT_EVENT = `
  insert into run_event (run_id, sequence, type, step_id, actor, text, idempotency_key, data, at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${EVENT_COLUMNS}`;
