import type { PoolClient } from "pg";
import { pool } from "@/server/db/client";
import { afterLook, isShrunk, outcomeOf, type PassCounts } from "../../domain/delta";
import type { MigrationOptions } from "../../domain/plan-spec";
import { ENGINE_TIERS, OBJECT_STATES, type ObjectState, OPEN_STATES, PRESENT_STATES } from "../../domain/states";
import { WORK_STATES } from "../../domain/work";
import { sealOrphans } from "./orphan-repository";
import { MAX_CHUNK_BYTES, PASS_IS_OVER } from "./seal-repository";

const no = (state: ObjectState): number => OBJECT_STATES.indexOf(state);
const list = (states: readonly ObjectState[]): string => states.map(no).join(", ");

/** Sums of what goes with the bytes, and which rows are in each; positions in HEADER_PROOFS. */
const KEPT = [
  ["headers_proven", "old_headers = 1"],
  ["headers_differ", "old_headers = 2"],
  ["types_differ", "old_type_differs"],
] as const;

/**
 * Compares the new listing with what is known, into a table of its own: millions of keys are joined here, before any
 * lock is taken. Only the pass's holder writes the listing, and nothing is copied meanwhile.
 */
export async function prepareDelta(migrationNo: number): Promise<void> {
  const table = `s3.delta_${migrationNo}`;
  // A manifest goes on naming what its store no longer has.
  const isGone = `(l.key is null or l.state = ${no("missing_source")})`;
  await pool().query(`drop table if exists ${table}`);
  await pool().query(
    `create table ${table} as
     select coalesce(l.key, k.src_key) as key, l.size, l.fingerprint, l.dst_key, l.expected, l.state, l.class, l.code,
            l.message,
            k.id as old_id, k.chunk_id as old_chunk, k.state as old_state, k.tier as old_tier, k.size as old_size, k.etag,
            k.headers as old_headers, k.type_differs as old_type_differs,
            case when k.id is null then 'added' when ${isGone} then 'vanished' else 'changed' end as kind
       from (select distinct on (key) * from s3.listing_${migrationNo} order by key) l
       full join (select * from s3.object_${migrationNo} where state <> ${no("superseded")}) k on k.src_key = l.key
      where k.id is null
         or (${isGone} and k.state not in (${list(["missing_source", "retired"])}))
         or (not ${isGone} and (k.state = ${no("missing_source")}
              or (l.fingerprint <> k.fingerprint and (l.state = 0 or l.state <> k.state))
              or (l.state = 0 and k.state = ${no("skipped_filtered")})))`,
  );
}

/**
 * Seals a later look: what is new or changed becomes an epoch of its own behind the last id, the rows it replaces are
 * superseded, what is gone is `missing_source`. A listing that shrank too far is sealed only when a person accepted it.
 */
export async function sealDelta(client: PoolClient, migrationNo: number, options: MigrationOptions): Promise<void> {
  const state = await readState(client, migrationNo);
  if (isShrunk(state.listed, state.lastListed, state.accepted)) return askAboutShrink(client, migrationNo, state);
  const epoch = state.epoch + 1;
  await client.query("set local work_mem = '64MB'");
  await retireOldRows(client, migrationNo);
  await insertEpoch(client, migrationNo, epoch, options.chunkObjects);
  const counts = await insertPass(client, migrationNo, epoch, state.listed);
  if (options.mode === "verify_only") await sealOrphans(client, migrationNo);
  const outcome = outcomeOf(counts, epoch, state.until);
  const next = afterLook(outcome, options.mode, { returnPhase: state.returnPhase, unproven: state.unproven });
  await client.query(
    `update s3_migration m set epoch = $2, delta_outcome = $3, phase = $4::s3_migration_phase, ${PASS_IS_OVER},
            return_phase = $5::s3_migration_phase,
            objects = t.objects, bytes = t.bytes, chunks = t.chunks
       from (select coalesce(sum(n), 0)::bigint as objects, coalesce(sum(bytes), 0)::bigint as bytes,
                    count(*)::int as chunks from s3.chunk where migration_no = $1) t
      where m.no = $1`,
    [migrationNo, epoch, outcome, next.phase, next.returnPhase],
  );
  await client.query(`drop table s3.listing_${migrationNo}, s3.delta_${migrationNo}`);
}

type SealState = {
  epoch: number;
  until: number;
  listed: number;
  lastListed: number;
  accepted: number | null;
  returnPhase: "cutover" | "soak" | null;
  /** Objects of earlier looks that are copied and not proven yet. */
  unproven: number;
};

async function readState(client: PoolClient, migrationNo: number): Promise<SealState> {
  const { rows } = await client.query<SealState>(
    `select m.epoch, m.delta_until as until, m.shrink_accepted as accepted, m.return_phase as "returnPhase",
            (select coalesce(sum(${WORK_STATES.compare.join(" + ")}), 0)::int from s3.chunk where migration_no = $1) as unproven,
            (select count(distinct key) from s3.listing_${migrationNo} where state <> ${no("missing_source")}) as listed,
            p.listed - greatest(0, (select sum(missing_source) from s3.chunk where migration_no = $1) - p.missing)
              as "lastListed"
       from s3_migration m join s3.pass p on p.migration_no = m.no and p.epoch = m.epoch where m.no = $1`,
    [migrationNo],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a delta pass needs a sealed listing before it");
  return row;
}

/** Nothing is sealed: the migration stops with the two numbers, until a person accepts them or has it listed again. */
async function askAboutShrink(
  client: PoolClient,
  migrationNo: number,
  { listed, lastListed }: SealState,
): Promise<void> {
  const gone = lastListed - listed;
  const message = `The source lists ${listed} objects, ${gone} fewer than the last time (${lastListed}). More than a tenth gone at once is more often a mistake than a wish: accept it, or resume to list again.`;
  await client.query(
    `update s3_migration set ${PASS_IS_OVER}, stop_class = 'shrunk', stop_message = $2, stopped_at = now()
      where no = $1`,
    [migrationNo, message],
  );
  await client.query("update s3_migration set shrunk_to = $2 where no = $1", [migrationNo, listed]);
  await client.query(`drop table s3.listing_${migrationNo}, s3.delta_${migrationNo}`);
}

/** Rows that the new look replaces or no longer finds, with the sums of their chunks and what failed about them. */
async function retireOldRows(client: PoolClient, migrationNo: number): Promise<void> {
  const delta = `s3.delta_${migrationNo}`;
  const gained = (state: ObjectState) =>
    state === "superseded" ? " + d.superseded" : state === "missing_source" ? " + d.gone" : "";
  const sums = [
    ...OBJECT_STATES.map((state, at) => `${state} = c.${state} - d.s${at}${gained(state)}`),
    ...ENGINE_TIERS.map((tier, at) => `tier_${tier} = c.tier_${tier} - d.t${at}`),
    ...ENGINE_TIERS.map((tier, at) => `bytes_${tier} = c.bytes_${tier} - d.b${at}`),
    ...KEPT.map(([column], at) => `${column} = c.${column} - d.k${at}`),
  ];
  const present = `old_state in (${list(PRESENT_STATES)})`;
  const open = `old_state in (${list(OPEN_STATES)})`;
  const parts = [
    ...OBJECT_STATES.map((_, at) => `count(*) filter (where old_state = ${at}) as s${at}`),
    ...ENGINE_TIERS.map((_, at) => `count(*) filter (where ${present} and old_tier = ${at}) as t${at}`),
    ...ENGINE_TIERS.map(
      (_, at) => `coalesce(sum(old_size) filter (where ${present} and old_tier = ${at}), 0) as b${at}`,
    ),
  ];
  parts.push(...KEPT.map(([, isCounted], at) => `count(*) filter (where ${isCounted}) as k${at}`));
  // The fence grows: whoever still held such a chunk knows its objects as they were.
  await client.query(
    `update s3.chunk c set fence = c.fence + 1, lease_owner = null, lease_until = null, ${sums.join(", ")},
            bytes_waiting = c.bytes_waiting - d.waiting, bytes_other = c.bytes_other + d.became_other
       from (select old_chunk, count(*) filter (where kind = 'changed') as superseded,
                    count(*) filter (where kind = 'vanished') as gone,
                    coalesce(sum(old_size) filter (where ${open}), 0) as waiting,
                    coalesce(sum(old_size) filter (where ${open} or ${present}), 0) as became_other, ${parts.join(", ")}
               from ${delta} where old_id is not null group by old_chunk) d
      where c.migration_no = $1 and c.chunk_id = d.old_chunk`,
    [migrationNo],
  );
  await client.query(
    `update s3.object_${migrationNo} o set tier = 0, headers = 0, type_differs = false, state = case d.kind when 'changed' then $1::smallint else $2::smallint end
       from ${delta} d where o.id = d.old_id`,
    [no("superseded"), no("missing_source")],
  );
  await client.query(`delete from s3.finding f using ${delta} d where f.migration_no = $1 and f.object_id = d.old_id`, [
    migrationNo,
  ]);
  await client.query(`delete from s3.failure f using ${delta} d where f.migration_no = $1 and f.object_id = d.old_id`, [
    migrationNo,
  ]);
  await client.query(
    `insert into s3.failure (migration_no, object_id, chunk_id, class, code, message)
     select $1, old_id, old_chunk, 'source_missing',
            case when ${present} then 'VanishedAfterCopy' else 'Vanished' end,
            case when ${present} then 'The source has it no more. Its copy stays at the destination.'
                 else 'The source listed it and has it no more.' end
       from ${delta} where kind = 'vanished'`,
    [migrationNo],
  );
}

/** New and changed objects, numbered on in key order, with chunks of their own. */
async function insertEpoch(
  client: PoolClient,
  migrationNo: number,
  epoch: number,
  chunkObjects: number,
): Promise<void> {
  const { rows } = await client.query<{ firstId: number; firstChunk: number }>(
    `select coalesce(max(last_id), -1) + 1 as "firstId", coalesce(max(chunk_id), -1) + 1 as "firstChunk"
       from s3.chunk where migration_no = $1`,
    [migrationNo],
  );
  const { firstId = 0, firstChunk = 0 } = rows[0] ?? {};
  // The ETag of what this migration stored for the older version: that alone may be replaced.
  await client.query(
    `insert into s3.object_${migrationNo} (migration_no, id, chunk_id, epoch, src_key, size, fingerprint, state, etag,
                                            dst_key, expected, reason)
     select ${migrationNo}, $1 + rn - 1, $2 + dense_rank() over (order by (rn - 1) / $3, (cum - size) / $4) - 1, $5,
            key, size, fingerprint, state, etag, dst_key, expected, code
       from (select *, row_number() over (order by key) as rn,
                    sum(size) over (order by key rows unbounded preceding)::bigint as cum
               from s3.delta_${migrationNo} where kind <> 'vanished') numbered
      order by rn`,
    [firstId, firstChunk, chunkObjects, MAX_CHUNK_BYTES, epoch],
  );
  await client.query(
    `insert into s3.failure (migration_no, object_id, chunk_id, class, code, message)
     select $1, o.id, o.chunk_id, d.class, d.code, d.message
       from s3.delta_${migrationNo} d join s3.object_${migrationNo} o on o.src_key = d.key and o.epoch = $2
      where d.class is not null`,
    [migrationNo, epoch],
  );
  await client.query(
    `insert into s3.chunk (migration_no, chunk_id, epoch, first_id, last_id, first_key, last_key, n, bytes, pending,
                           skipped_filtered, failed, missing_source, bytes_waiting, bytes_other)
     select $1, chunk_id, $2, min(id), max(id), min(src_key), max(src_key), count(*), sum(size),
            count(*) filter (where state = 0), count(*) filter (where state = $3), count(*) filter (where state = $4),
            count(*) filter (where state = $5),
            coalesce(sum(size) filter (where state = 0), 0), coalesce(sum(size) filter (where state <> 0), 0)
       from s3.object_${migrationNo} where epoch = $2 group by chunk_id`,
    [migrationNo, epoch, no("skipped_filtered"), no("failed"), no("missing_source")],
  );
}

async function insertPass(client: PoolClient, migrationNo: number, epoch: number, listed: number): Promise<PassCounts> {
  const { rows } = await client.query<PassCounts>(
    `insert into s3.pass (migration_no, epoch, listed, added, changed, vanished, objects, bytes, chunks, missing)
     select $1, $2, $3, d.added, d.changed, d.vanished, d.added + d.changed, d.bytes, c.chunks, c.missing
       from (select count(*) filter (where kind = 'added') as added, count(*) filter (where kind = 'changed') as changed,
                    count(*) filter (where kind = 'vanished') as vanished,
                    coalesce(sum(size) filter (where kind <> 'vanished'), 0) as bytes from s3.delta_${migrationNo}) d,
            (select count(*) filter (where epoch = $2) as chunks, coalesce(sum(missing_source), 0) as missing
               from s3.chunk where migration_no = $1) c
     returning listed, added, changed, vanished`,
    [migrationNo, epoch, listed],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the pass was not written down");
  return row;
}
