import { pool } from "@/server/db/client";

/** Adds one worker's counts to those of all workers of the migration; both have the buckets of the histogram. */
export async function addPutLatencies(no: number, counts: readonly number[]): Promise<void> {
  await pool().query(
    `insert into s3.put_latency as kept (migration_no, counts) values ($1, $2)
         on conflict (migration_no) do update
        set counts = (select array_agg(coalesce(had, 0) + coalesce(came, 0) order by bucket)
                        from unnest(kept.counts, excluded.counts) with ordinality as t (had, came, bucket))`,
    [no, counts],
  );
}

/** Answers to small writes so far, of all workers, by bucket; empty before the first. */
export async function readPutLatencies(no: number): Promise<number[]> {
  const { rows } = await pool().query<{ counts: number[] }>(
    "select counts::float8[] as counts from s3.put_latency where migration_no = $1",
    [no],
  );
  return rows[0]?.counts ?? [];
}
