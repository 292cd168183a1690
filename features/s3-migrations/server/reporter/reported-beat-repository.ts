import { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import { REPORT_STATES, type ReportState, WRITER_STATUSES } from "../../domain/reported";
import { DESIRED_STATES, MIGRATION_STATES, type MigrationState } from "../../domain/states";
import { topicOf } from "../migration-repository";
import type { Progress } from "../progress";

const rowSchema = z.object({
  id: z.string(),
  no: z.number(),
  state: z.enum(MIGRATION_STATES),
  desired: z.enum(DESIRED_STATES),
  version: z.number(),
  revision: z.number(),
  shownRevision: z.number(),
  isComplete: z.boolean(),
  objects: z.number(),
  bytes: z.number(),
  bytesPresent: z.number(),
  bytesWaiting: z.number(),
  bytesOther: z.number(),
  counts: z.record(z.enum(REPORT_STATES), z.number()),
  /** Status of the watched run; null where a job reports by itself. */
  runStatus: z.string().nullable(),
  isWatched: z.boolean(),
  writers: z.array(z.object({ status: z.enum(WRITER_STATUSES), silentMs: z.number(), lastHeardMs: z.number() })),
  nowMs: z.number(),
});
export type ReportedWatch = z.output<typeof rowSchema>;

const COUNTS = REPORT_STATES.map((state: ReportState) => `'${state}', r.${state}`).join(", ");

/** Reported migrations that may still move, or moved since they were last shown. */
export async function listReportedWatches(): Promise<ReportedWatch[]> {
  const { rows } = await pool().query(
    `select m.id, m.no, m.state, m.desired_state as desired, m.version, r.revision,
            r.shown_revision as "shownRevision", r.completed_at is not null as "isComplete", r.objects, r.bytes,
            r.bytes_present as "bytesPresent", r.bytes_waiting as "bytesWaiting", r.bytes_other as "bytesOther",
            jsonb_build_object(${COUNTS}) as counts, r.seen->>'status' as "runStatus",
            r.watch is not null as "isWatched",
            coalesce((select jsonb_agg(jsonb_build_object('status', s.status,
                'silentMs', extract(epoch from now() - s.last_heard_at) * 1000,
                'lastHeardMs', extract(epoch from s.last_heard_at) * 1000))
               from s3.reporter_stream s where s.migration_no = m.no), '[]') as writers,
            extract(epoch from now())::double precision * 1000 as "nowMs"
       from s3.reported r join s3_migration m on m.no = r.migration_no
      where r.purged_at is null and (m.state not in ('reported', 'cancelled') or r.revision <> r.shown_revision)`,
  );
  return z.array(rowSchema).parse(rows);
}

export type ReportedBeat = { watch: ReportedWatch; state: MigrationState; progress: Progress };

/** Writes what was seen and wakes the screens. False, and nothing, when a command came in between: the next beat sees it. */
export async function saveReportedBeat({ watch, state, progress }: ReportedBeat): Promise<boolean> {
  return transaction(async (client) => {
    // The sums' row first, as every batch and the removal lock them.
    await client.query("select from s3.reported where migration_no = $1 for update", [watch.no]);
    const { rowCount } = await client.query(
      `update s3_migration set state = $3::s3_migration_state, progress = $4, objects = $5, bytes = $6,
              version = version + 1, updated_at = now(),
              started_at = case when $7 then coalesce(started_at, now()) else started_at end,
              sealed_at = case when $8 then coalesce(sealed_at, now()) else sealed_at end,
              finished_at = case when $3::text in ('reported', 'cancelled', 'failed') then coalesce(finished_at, now())
                            end
        where no = $1 and version = $2`,
      [
        ...[watch.no, watch.version, state, progress, watch.objects, watch.bytes],
        ...[watch.writers.length > 0 || watch.runStatus !== null, watch.isComplete],
      ],
    );
    if (rowCount !== 1) return false;
    await client.query("update s3.reported set shown_revision = $2 where migration_no = $1", [
      watch.no,
      watch.revision,
    ]);
    if (watch.desired !== "cancelled" || state === "cancelled") {
      const hasFollowed = watch.desired === "running" || state === watch.desired || state === "reported";
      if (hasFollowed) {
        await client.query("update s3_command set applied_at = now() where migration_id = $1 and applied_at is null", [
          watch.id,
        ]);
      }
    }
    await notify(topicOf(watch.id), client);
    return true;
  });
}
