import { z } from "zod";
import { pool } from "@/server/db/client";
import { takeLead } from "@/server/db/take-lead";
import type { RunCheck } from "../../contract";
import { CHECK_VERDICTS, type CheckRecord } from "../../domain/judge-check";

const MAX_RUNS = 200;
const CHECK_LOCK = 571_002;
const CHECK_LEAD = { leaseMs: 30_000, renewMs: 10_000 };

/** Runs `work` unless another worker is at it; then nothing happens. */
export async function withCheckLead(work: () => Promise<void>): Promise<void> {
  const lead = await takeLead(CHECK_LOCK, CHECK_LEAD);
  if (lead === undefined) return;
  try {
    await work();
  } finally {
    await lead.end();
  }
}

/** Ids of the runs that are followed and ask something, the newest first. */
export async function listRunsWithChecks(): Promise<string[]> {
  const { rows } = await pool().query<{ id: number | string }>(
    `select id from run where status = 'active' and jsonb_path_exists(tree, '$.sections[*].items[*].step.checks')
     order by id desc limit $1`,
    [MAX_RUNS],
  );
  return rows.map(({ id }) => String(id));
}

const rowSchema = z.object({
  step_id: z.string(),
  position: z.number(),
  verdict: z.enum(CHECK_VERDICTS),
  reading: z.string(),
  first_at: z.date(),
  sampled_at: z.date(),
  true_since: z.date().nullable(),
  next_at: z.date(),
});

export type StoredCheck = RunCheck & { record: CheckRecord; nextMs: number };

/** The newest sample of each check of a run. */
export async function listChecks(runId: string): Promise<StoredCheck[]> {
  const { rows } = await pool().query(
    `select step_id, position, verdict, reading, first_at, sampled_at, true_since, next_at from run_check
     where run_id = $1 order by step_id, position`,
    [runId],
  );
  return z
    .array(rowSchema)
    .parse(rows)
    .map((row) => ({
      stepId: row.step_id,
      position: row.position,
      verdict: row.verdict,
      reading: row.reading,
      sampledAt: row.sampled_at.toISOString(),
      trueSince: row.true_since?.toISOString() ?? null,
      nextMs: row.next_at.getTime(),
      record: {
        verdict: row.verdict,
        trueSinceMs: row.true_since?.getTime() ?? null,
        firstMs: row.first_at.getTime(),
        sampledMs: row.sampled_at.getTime(),
      },
    }));
}

/** Keeps the newest sample and when the next is due. */
export async function saveCheck(
  at: { runId: string; stepId: string; position: number },
  { record, reading, nextMs }: { record: CheckRecord; reading: string; nextMs: number },
): Promise<void> {
  const { verdict, trueSinceMs, firstMs, sampledMs } = record;
  await pool().query(
    `insert into run_check (run_id, step_id, position, verdict, reading, first_at, sampled_at, true_since, next_at)
     select id, $2, $3, $4, $5, $6, $7, $8, $9 from run where id = $1
     on conflict (run_id, step_id, position) do update set verdict = excluded.verdict, reading = excluded.reading,
       first_at = excluded.first_at, sampled_at = excluded.sampled_at, true_since = excluded.true_since,
       next_at = excluded.next_at`,
    [
      at.runId,
      at.stepId,
      at.position,
      verdict,
      reading,
      new Date(firstMs),
      new Date(sampledMs),
      trueSinceMs === null ? null : new Date(trueSinceMs),
      new Date(nextMs),
    ],
  );
}
