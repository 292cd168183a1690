import { z } from "zod";
import type { Reported } from "../../contract";
import { WRITER_STATUSES } from "../../domain/reported";

/** Everything a snapshot says of the job elsewhere, in the migration's own query; null for migrations of our engine. */
export const REPORTED_COLUMN = `case when options->>'mode' = 'reported' then (
    select jsonb_build_object('externalRef', r.external_ref, 'objects', r.declared_objects, 'bytes', r.declared_bytes,
             'completedAt', r.completed_at, 'watch', r.watch, 'seen', r.seen, 'streams', coalesce((
               select jsonb_agg(jsonb_build_object('id', s.id, 'writer', s.writer, 'epoch', s.epoch,
                        'nextSeq', s.next_seq, 'status', s.status, 'currentKey', s.current_key,
                        'lastHeardAt', s.last_heard_at) order by s.last_heard_at desc)
                 from s3.reporter_stream s where s.migration_no = no), '[]'))
      from s3.reported r where r.migration_no = no) end as reported`;

/** Postgres writes an offset where we write Z. */
const time = z.string().transform((text) => new Date(text).toISOString());
const count = z.number().nullable();

export const seenRunSchema = z.object({
  runId: z.string().nullable(),
  status: z.string().nullable(),
  tickCount: count,
  tickTotal: count,
  cursor: z.string().nullable(),
  error: z.string().nullable(),
  problem: z.string().nullable(),
  seenAt: time,
});
export type SeenRun = z.input<typeof seenRunSchema>;

const rowSchema = z.object({
  externalRef: z.string(),
  objects: count,
  bytes: count,
  completedAt: time.nullable(),
  watch: z.object({ database: z.string(), task: z.string() }).nullable(),
  seen: seenRunSchema.nullable(),
  streams: z.array(
    z.object({
      id: z.string(),
      writer: z.string(),
      epoch: z.number(),
      nextSeq: z.number(),
      status: z.enum(WRITER_STATUSES),
      currentKey: z.string().nullable(),
      lastHeardAt: time,
    }),
  ),
});

export function toReported(column: unknown): Reported | null {
  if (column === null || column === undefined) return null;
  const { externalRef, objects, bytes, completedAt, watch, seen, streams } = rowSchema.parse(column);
  return {
    externalRef,
    grade: watch === null ? "items" : "ticks",
    declared: { objects, bytes },
    completedAt,
    lastHeardAt: streams[0]?.lastHeardAt ?? seen?.seenAt ?? null,
    streams,
    run: watch === null || seen === null ? null : { ...watch, ...seen },
  };
}
