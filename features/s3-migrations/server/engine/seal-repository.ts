import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import { blockOf } from "../../domain/plan-facts";
import type { DestinationSpec, MigrationOptions, SourceSpec } from "../../domain/plan-spec";
import { OBJECT_STATES } from "../../domain/states";
import { sealOrphans } from "./orphan-repository";
import { computePlan, digestObjects } from "./plan-repository";

export const MAX_CHUNK_BYTES = 256 * 1024 * 1024;
const FILTERED = OBJECT_STATES.indexOf("skipped_filtered");
const FAILED = OBJECT_STATES.indexOf("failed");
const MISSING = OBJECT_STATES.indexOf("missing_source");

export type Plan = { no: number; source: SourceSpec; destination: DestinationSpec; options: MigrationOptions };

/**
 * Turns a finished listing into the sealed inventory: objects numbered in key order, chunks of at most `chunkObjects`
 * objects or 256 MB, failures for keys that cannot be copied, totals, the plan. A key listed twice counts once. A plan
 * in which two sources would have one destination key is sealed, and stopped for good.
 */
export async function sealPass(client: PoolClient, plan: Plan): Promise<void> {
  const { no, options } = plan;
  // Made apart and attached: creating it as a partition would lock out every other migration's copying meanwhile.
  await client.query(`create table s3.object_${no} (like s3.object including defaults including constraints)
    with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01)`);
  await client.query("set local work_mem = '64MB'");
  await client.query(
    `insert into s3.object_${no} (migration_no, id, chunk_id, src_key, size, fingerprint, state, dst_key, expected, reason)
     select ${no}, rn - 1, dense_rank() over (order by (rn - 1) / $1, (cum - size) / $2) - 1, key, size, fingerprint, state,
            dst_key, expected, code
       from (select *, row_number() over (order by key) as rn,
                    sum(size) over (order by key rows unbounded preceding)::bigint as cum
               from (select distinct on (key) * from s3.listing_${no} order by key) once) numbered
      order by rn`,
    [options.chunkObjects, MAX_CHUNK_BYTES],
  );
  await client.query(`alter table s3.object_${no} add primary key (migration_no, id)`);
  await client.query(`alter table s3.object attach partition s3.object_${no} for values in (${no})`);
  await insertFailures(client, no);
  await insertChunks(client, no);
  await client.query(
    `insert into s3.pass (migration_no, epoch, listed, added, changed, vanished, objects, bytes, chunks, missing)
     select $1, 0, coalesce(sum(n - missing_source), 0), coalesce(sum(n), 0), 0, 0, coalesce(sum(n), 0),
            coalesce(sum(bytes), 0), count(*), coalesce(sum(missing_source), 0)
       from s3.chunk where migration_no = $1`,
    [no],
  );
  if (options.mode === "verify_only") await sealOrphans(client, no);
  await client.query(
    `update s3_migration set phase = $2::s3_migration_phase, sealed_at = now(), ${PASS_IS_OVER},
            objects = t.objects, bytes = t.bytes, chunks = t.chunks
       from (select coalesce(sum(n), 0)::bigint as objects, coalesce(sum(bytes), 0)::bigint as bytes,
                    count(*)::int as chunks from s3.chunk where migration_no = $1) t
      where no = $1`,
    [no, options.mode === "verify_only" ? "verify" : "copy"],
  );
  await savePlan(client, plan);
  await client.query(`drop table s3.listing_${no}`);
}

async function savePlan(client: PoolClient, { no, source, destination, options }: Plan): Promise<void> {
  const facts = await computePlan(client, no, options.keyMap.kind === "manifest");
  const digest = await digestObjects(client, no);
  const hash = createHash("sha256")
    .update(`${canonical({ source, destination, options })}\n${digest}`)
    .digest("hex");
  const blocked = blockOf(facts);
  await client.query(
    `update s3_migration set plan = $2, blocked = $3,
            stop_class = case when $3::text is null then stop_class else 'conflict' end,
            stop_message = coalesce($3, stop_message),
            stopped_at = case when $3::text is null then stopped_at else now() end
      where no = $1`,
    [no, JSON.stringify({ ...facts, hash }), blocked?.slice(0, 500) ?? null],
  );
}

/** JSON whose text does not depend on the order in which fields were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Gives the lease of a finished pass back and forgets where it stood. */
export const PASS_IS_OVER = `list_lease_owner = null, list_lease_until = null, list_attempts = 0, list_cursor = null,
            list_side = null, shrunk_to = null, shrink_accepted = null, version = version + 1, updated_at = now()`;

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
                           skipped_filtered, failed, missing_source, bytes_waiting, bytes_other)
     select $1, chunk_id, min(id), max(id), min(src_key), max(src_key), count(*), sum(size),
            count(*) filter (where state = 0), count(*) filter (where state = $2), count(*) filter (where state = $3),
            count(*) filter (where state = $4),
            coalesce(sum(size) filter (where state = 0), 0), coalesce(sum(size) filter (where state <> 0), 0)
       from s3.object_${no} group by chunk_id`,
    [no, FILTERED, FAILED, MISSING],
  );
}
