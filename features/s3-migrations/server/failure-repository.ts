import type { PoolClient } from "pg";
import type { z } from "zod";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import type { ChunksReply, FailuresReply, failuresQuerySchema } from "../contract";
import { type ErrorClass, OBJECT_STATES, type ObjectState, PROBLEM_STATES, RETRYABLE_STATES } from "../domain/states";
import { listReportedFailures } from "./reporter/reported-failure-repository";
import { type StoredFailure, toFailure } from "./stored-failure";

type Filter = { errorClass?: ErrorClass | undefined; code?: string | undefined; objectIds?: number[] | undefined };
/** The command that asks, so that each object keeps what had failed before it. */
type Reopening = { no: number; commandId: number };
const stateNo = (state: ObjectState): number => OBJECT_STATES.indexOf(state);

/**
 * Puts failed, conflicting, changed and missing objects back to pending and moves their counters, in the caller's
 * transaction. Keys that can never be copied (`invalid_key`) stay. Returns how many were reopened.
 */
export async function reopenFailures(
  client: PoolClient,
  { no, commandId }: Reopening,
  { errorClass, code, objectIds }: Filter,
): Promise<number> {
  // Chunk rows first, as every flush locks them: a worker that holds one finishes its flush before us.
  await client.query("select 1 from s3.chunk where migration_no = $1 order by chunk_id for update", [no]);
  const { rows } = await client.query<{ reopened: number }>(
    `with target as (
       select f.object_id, o.chunk_id, o.state, o.size from s3.failure f
         join s3.object o on o.migration_no = f.migration_no and o.id = f.object_id
        where f.migration_no = $1 and f.class <> 'invalid_key' and o.state = any($2::smallint[])
          and ($3::text is null or f.class = $3) and ($4::text is null or f.code = $4)
          and ($5::bigint[] is null or f.object_id = any($5))
     ), kept as (
       insert into s3.retried (migration_no, object_id, command_id, state, class, code, http_status, request_id, message,
                               attempts, first_at, last_at)
       select f.migration_no, f.object_id, $6, t.state, f.class, f.code, f.http_status, f.request_id, f.message,
              f.attempts, f.first_at, f.last_at
         from s3.failure f join target t on t.object_id = f.object_id where f.migration_no = $1
     ), reopened as (
       update s3.object o set state = 0, attempts = 0, tier = 0 from target t
        where o.migration_no = $1 and o.id = t.object_id returning o.id
     ), gone as (
       delete from s3.failure f using target t where f.migration_no = $1 and f.object_id = t.object_id
     ), moved as (
       update s3.chunk c set pending = c.pending + d.n, ${RETRYABLE_STATES.map((state) => `${state} = c.${state} - d.${state}`).join(", ")},
              bytes_waiting = c.bytes_waiting + d.bytes, bytes_other = c.bytes_other - d.bytes, not_before = null
         from (select chunk_id, count(*)::int as n, sum(size) as bytes,
                      ${RETRYABLE_STATES.map((state) => `(count(*) filter (where state = ${stateNo(state)}))::int as ${state}`).join(", ")}
                 from target group by chunk_id) d
        where c.migration_no = $1 and c.chunk_id = d.chunk_id
     )
     select count(*) as reopened from reopened`,
    [no, RETRYABLE_STATES.map(stateNo), errorClass ?? null, code ?? null, objectIds ?? null, commandId],
  );
  return rows[0]?.reopened ?? 0;
}

/** Puts what comparing did not find at the destination back to be copied. Returns how many. */
export const reopenMissing = (client: PoolClient, reopening: Reopening): Promise<number> =>
  reopenFailures(client, reopening, { errorClass: "missing_destination" });

type GroupRow = {
  state: number;
  class: ErrorClass;
  code: string;
  objects: number;
  first_at: Date;
  last_at: Date;
  key: string;
  message: string;
};
type FailureRow = StoredFailure & { object_id: number; chunk_id: number; key: string; size: number; state: number };

/** Open failures by cause, and one keyset page of them in key order. */
export async function listFailures(id: string, query: z.output<typeof failuresQuerySchema>): Promise<FailuresReply> {
  const { no, isReported } = await getSubject(id);
  if (isReported) return listReportedFailures(no, query);
  const groups = await pool().query<GroupRow>(
    `select o.state, f.class, f.code, count(*) as objects, min(f.first_at) as first_at, max(f.last_at) as last_at,
            (array_agg(o.src_key order by f.object_id))[1] as key,
            (array_agg(f.message order by f.object_id))[1] as message
       from s3.failure f join s3.object o on o.migration_no = f.migration_no and o.id = f.object_id
      where f.migration_no = $1 group by 1, 2, 3 order by 4 desc, 2, 3 limit 100`,
    [no],
  );
  const page = await pool().query<FailureRow>(
    `select f.*, o.src_key as key, o.size, o.state
       from s3.failure f join s3.object o on o.migration_no = f.migration_no and o.id = f.object_id
      where f.migration_no = $1 and ($2::text is null or f.class = $2) and ($3::text is null or f.code = $3)
        and ($4::smallint is null or o.state = $4) and f.object_id > $5 order by f.object_id limit $6`,
    [
      no,
      query.errorClass ?? null,
      query.code ?? null,
      query.state === undefined ? null : stateNo(query.state),
      query.cursor ?? -1,
      query.limit + 1,
    ],
  );
  const rows = page.rows.slice(0, query.limit);
  return {
    groups: groups.rows.map((row) => ({
      state: toState(row.state),
      errorClass: row.class,
      code: row.code,
      objects: row.objects,
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
      example: { key: row.key, message: row.message },
    })),
    failures: rows.map(toListed),
    nextCursor: page.rows.length > query.limit ? (rows.at(-1)?.object_id ?? null) : null,
  };
}

function toListed(row: FailureRow): FailuresReply["failures"][number] {
  return {
    objectId: row.object_id,
    chunkId: row.chunk_id,
    key: row.key,
    sizeBytes: row.size,
    state: toState(row.state),
    ...toFailure(row),
  };
}

/** The inventory in key order, cut into at most `buckets` bars: one pass over the chunk rows. */
export async function listChunkBuckets(id: string, buckets: number): Promise<ChunksReply> {
  const { no } = await getSubject(id);
  const { rows } = await pool().query<ChunksReply["buckets"][number]>(
    `select min(chunk_id) as "firstChunk", max(chunk_id) as "lastChunk", min(first_key) as "firstKey",
            max(last_key) as "lastKey", sum(n)::bigint as objects, sum(bytes)::bigint as bytes,
            sum(tier_stored + tier_read_back)::bigint as proven,
            sum(tier_none + tier_size + tier_acknowledged)::bigint as copied,
            sum(pending + retry_wait)::bigint as waiting,
            sum(${PROBLEM_STATES.join(" + ")})::bigint as problems, sum(missing_source)::bigint as missing,
            count(*) filter (where lease_until > now()) as leases
       from (select *, ntile($2) over (order by chunk_id) as bucket from s3.chunk where migration_no = $1) c
      group by bucket order by bucket`,
    [no, buckets],
  );
  return { chunks: rows.at(-1)?.lastChunk === undefined ? 0 : (rows.at(-1)?.lastChunk ?? 0) + 1, buckets: rows };
}

async function getSubject(id: string): Promise<{ no: number; isReported: boolean }> {
  const { rows } = await pool().query<{ no: number; isReported: boolean }>(
    `select no, options->>'mode' is not distinct from 'reported' as "isReported" from s3_migration where id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  return row;
}

const toState = (position: number): ObjectState => OBJECT_STATES[position] ?? "failed";
