import { createS3Migration } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";

type Inventory = {
  objects: number;
  /** SQL of a key, of its number `i` from 0; keys must grow with it. */
  key?: string;
  /** SQL of the stored number of a state, and of a tier, of `i`. */
  state?: string;
  tier?: string;
};

const CHUNK = 1000;

/** A sealed inventory written by SQL alone: as many rows as a test of size needs, with chunk counters that agree. */
export async function makeInventory({
  objects,
  key = "'k/' || lpad(i::text, 9, '0')",
  state = "3",
  tier = "3",
}: Inventory): Promise<{ id: string; no: number }> {
  const { id } = await createS3Migration(
    {
      name: "inventory",
      source: { kind: "local", path: "/nowhere" },
      destination: { kind: "s3", bucket: "nowhere", prefix: "to/", endpoint: "http://127.0.0.1:9" },
    },
    { name: "ada" },
  );
  const { rows } = await pool().query<{ no: number }>("select no from s3_migration where id = $1", [id]);
  const no = rows[0]?.no ?? 0;
  await pool().query(`create table s3.object_${no} partition of s3.object for values in (${no})`);
  await pool().query(
    `insert into s3.object (migration_no, id, chunk_id, src_key, size, fingerprint, state, tier, crc32, etag)
     select ${no}, i, i / ${CHUNK}, ${key}, i % 977, 'f', ${state}, ${tier}, 'AAAAAA==', 'e' from generate_series(0, $1 - 1) i`,
    [objects],
  );
  await fillChunks(no);
  await pool().query(
    `update s3_migration set state = 'verified', phase = 'verify', sealed_at = now(), objects = $2,
            bytes = (select sum(bytes) from s3.chunk where migration_no = $1),
            chunks = (select count(*) from s3.chunk where migration_no = $1) where no = $1`,
    [no, objects],
  );
  await pool().query("analyze s3.object; analyze s3.chunk");
  return { id, no };
}

/** Counters of every chunk, counted from its objects. */
async function fillChunks(no: number): Promise<void> {
  const at = (states: readonly number[]) => `state in (${states.join(", ")})`;
  const present = at([2, 3, 4, 15]);
  const counted = [
    ["pending", at([0])],
    ["copied", at([2])],
    ["verified", at([3])],
    ["skipped_identical", at([4])],
    ["skipped_filtered", at([5])],
    ["failed", at([6])],
    ["missing_source", at([7])],
    ["conflict", at([8])],
    ...["none", "size", "acknowledged", "stored", "read_back"].map((tier, n) => [
      `tier_${tier}`,
      `${present} and tier = ${n}`,
    ]),
  ];
  const summed = [
    ["bytes_waiting", at([0])],
    ["bytes_other", at([5, 6, 7, 8])],
    ...["none", "size", "acknowledged", "stored", "read_back"].map((tier, n) => [
      `bytes_${tier}`,
      `${present} and tier = ${n}`,
    ]),
  ];
  await pool().query(
    `insert into s3.chunk (migration_no, chunk_id, first_id, last_id, first_key, last_key, n, bytes,
                           ${[...counted, ...summed].map(([name]) => name).join(", ")})
     select ${no}, chunk_id, min(id), max(id), min(src_key), max(src_key), count(*), sum(size),
            ${counted.map(([, where]) => `count(*) filter (where ${where})`).join(", ")},
            ${summed.map(([, where]) => `coalesce(sum(size) filter (where ${where}), 0)`).join(", ")}
       from s3.object where migration_no = ${no} group by chunk_id`,
  );
}
