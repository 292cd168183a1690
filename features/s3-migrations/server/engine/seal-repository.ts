import type { PoolClient } from "pg";
import { OBJECT_STATES } from "../../domain/states";

const MAX_CHUNK_BYTES = 256 * 1024 * 1024;
const FILTERED = OBJECT_STATES.indexOf("skipped_filtered");
const FAILED = OBJECT_STATES.indexOf("failed");

/**
 * Turns a finished listing into the sealed inventory: objects numbered in key order, chunks of at most `chunkObjects`
 * objects or 256 MB, failures for keys that cannot be copied, totals. A key listed twice counts once.
 */
export async function sealPass(client: PoolClient, no: number, chunkObjects: number): Promise<void> {
  // Made apart and attached: creating it as a partition would lock out every other migration's copying meanwhile.
  await client.query(`create table s3.object_${no} (like s3.object including defaults including constraints)
    with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01)`);
  await client.query("set local work_mem = '64MB'");
  await client.query(
    `insert into s3.object_${no} (migration_no, id, chunk_id, src_key, size, fingerprint, state)
     select ${no}, rn - 1, dense_rank() over (order by (rn - 1) / $1, (cum - size) / $2) - 1, key, size, fingerprint, state
       from (select *, row_number() over (order by key) as rn,
                    sum(size) over (order by key rows unbounded preceding)::bigint as cum
               from (select distinct on (key) * from s3.listing_${no} order by key) once) numbered
      order by rn`,
    [chunkObjects, MAX_CHUNK_BYTES],
  );
  await client.query(`alter table s3.object_${no} add primary key (migration_no, id)`);
  await client.query(`alter table s3.object attach partition s3.object_${no} for values in (${no})`);
  await insertFailures(client, no);
  await insertChunks(client, no);
  await client.query(
    `update s3_migration set phase = 'copy', sealed_at = now(), list_lease_owner = null, list_lease_until = null,
            list_attempts = 0, version = version + 1, updated_at = now(),
            objects = t.objects, bytes = t.bytes, chunks = t.chunks
       from (select coalesce(sum(n), 0)::bigint as objects, coalesce(sum(bytes), 0)::bigint as bytes,
                    count(*)::int as chunks from s3.chunk where migration_no = $1) t
      where no = $1`,
    [no],
  );
  await client.query(`drop table s3.listing_${no}`);
}

async function insertFailures(client: PoolClient, no: number): Promise<void> {
  await client.query(
    `insert into s3.failure (migration_no, object_id, chunk_id, class, code, message)
     select $1, o.id, o.chunk_id, l.class, l.code, l.message
       from (select distinct on (key) * from s3.listing_${no} where class is not null order by key) l
       join s3.object_${no} o on o.src_key = l.key`,
    [no],
  );
}

async function insertChunks(client: PoolClient, no: number): Promise<void> {
  await client.query(
    `insert into s3.chunk (migration_no, chunk_id, first_id, last_id, first_key, last_key, n, bytes, pending,
                           skipped_filtered, failed, bytes_waiting, bytes_other)
     select $1, chunk_id, min(id), max(id), min(src_key), max(src_key), count(*), sum(size),
            count(*) filter (where state = 0), count(*) filter (where state = $2), count(*) filter (where state = $3),
            coalesce(sum(size) filter (where state = 0), 0), coalesce(sum(size) filter (where state <> 0), 0)
       from s3.object_${no} group by chunk_id`,
    [no, FILTERED, FAILED],
  );
}
