import { pool } from "@/server/db/client";
import { OBJECT_STATES } from "../../domain/states";
import type { ChunkLease } from "./chunk-repository";

/** One line of a tombstone: enough to find the object at the destination and to tell it from any other. */
export type TombstoneLine = {
  key: string;
  destinationKey: string;
  sizeBytes: number;
  fingerprint: string;
  crc32: string | null;
  etag: string | null;
};

/** Everything of the chunk that is, or was, to be deleted: the same lines however often it is asked. */
export async function listTombstoneLines({ migrationNo, firstId, lastId }: ChunkLease): Promise<TombstoneLine[]> {
  const states = [OBJECT_STATES.indexOf("verified"), OBJECT_STATES.indexOf("retired")];
  const { rows } = await pool().query<TombstoneLine>(
    `select src_key as key, coalesce(dst_key, src_key) as "destinationKey", size as "sizeBytes", fingerprint, crc32, etag
       from s3.object where migration_no = $1 and id between $2 and $3 and state = any($4::smallint[]) order by id`,
    [migrationNo, firstId, lastId, states],
  );
  return rows;
}

export async function hasTombstone({ migrationNo, chunkId }: ChunkLease): Promise<boolean> {
  const { rowCount } = await pool().query("select 1 from s3.tombstone where migration_no = $1 and chunk_id = $2", [
    migrationNo,
    chunkId,
  ]);
  return rowCount === 1;
}

type Tombstone = { key: string; objects: number; bytes: number; sha256: string };

/** Notes that the chunk's manifest stands at the destination; from here on its objects may be deleted. */
export async function saveTombstone(lease: ChunkLease, { key, objects, bytes, sha256 }: Tombstone): Promise<void> {
  await pool().query(
    `insert into s3.tombstone (migration_no, chunk_id, key, objects, bytes, sha256) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [lease.migrationNo, lease.chunkId, key, objects, bytes, sha256],
  );
}

/** Objects of the chunk whose deletion somebody began, perhaps a worker that is dead by now. */
export async function listIntents({ migrationNo, chunkId }: ChunkLease): Promise<Set<number>> {
  const { rows } = await pool().query<{ id: number }>(
    "select object_id as id from s3.retire_intent where migration_no = $1 and chunk_id = $2",
    [migrationNo, chunkId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Notes what is about to be deleted, under the fence. False: the chunk is another worker's; delete nothing. */
export async function saveIntents(lease: ChunkLease, ids: number[]): Promise<boolean> {
  const { rows } = await pool().query<{ mine: number }>(
    `with mine as (
       select 1 from s3.chunk where migration_no = $1 and chunk_id = $2 and fence = $3 for update
     ), noted as (
       insert into s3.retire_intent (migration_no, object_id, chunk_id)
       select $1, id, $2 from unnest($4::bigint[]) as t(id) where exists (select 1 from mine) on conflict do nothing
     ) select count(*) as mine from mine`,
    [lease.migrationNo, lease.chunkId, lease.fence, ids],
  );
  return rows[0]?.mine === 1;
}

/** Nothing of them was touched. Of what was deleted, the flush that says so has dropped them. */
export async function dropIntents({ migrationNo }: ChunkLease, ids: number[]): Promise<void> {
  await pool().query("delete from s3.retire_intent where migration_no = $1 and object_id = any($2::bigint[])", [
    migrationNo,
    ids,
  ]);
}
