import type { PoolClient } from "pg";
import { z } from "zod";
import { pool } from "@/server/db/client";
import { destinationSchema } from "../../contract";
import type { OpenUpload } from "./upload-repository";

/** Asked at a time; one worker asks one server after the other. */
const AT_ONCE = 50;

/**
 * Hands the uploads in parts of a migration that is being removed to the janitor: in the transaction that removes it, and
 * before the rows of its objects, which name the keys, are gone.
 */
export async function leaveUploads(client: PoolClient, no: number, destination: unknown): Promise<void> {
  const { rowCount } = await client.query("select 1 from s3.upload where migration_no = $1 limit 1", [no]);
  if (rowCount === 0) return;
  // The migration's own part of the table: a lock on the whole of it, to be raised when the part is dropped, would have
  // two removals wait for each other.
  await client.query(
    `insert into s3.left_upload (attempt_id, destination, key, upload_id, started_at)
     select u.attempt_id, $2, coalesce(o.dst_key, o.src_key), u.upload_id, u.started_at
       from s3.upload u join s3.object_${no} o on o.id = u.object_id where u.migration_no = $1`,
    [no, destination],
  );
}

const leftSchema = z.object({
  attemptId: z.string(),
  destination: destinationSchema,
  key: z.string(),
  uploadId: z.string().nullable(),
  startedAtMs: z.number(),
  /** Since its migration was removed. */
  leftMs: z.number(),
});
export type LeftUpload = Omit<OpenUpload, "cut"> & z.output<typeof leftSchema>;

/**
 * Takes some that may be asked about now. Each is put off as it is taken, longer each time and at most an hour: whoever
 * takes them and dies has only lost that time.
 */
export async function claimLeftUploads(againMs: number): Promise<LeftUpload[]> {
  const { rows } = await pool().query(
    `update s3.left_upload set attempts = attempts + 1,
            not_before = now() + least(3600000, $1::float8 * power(2, least(attempts, 20))) * interval '1 ms'
      where attempt_id in (select attempt_id from s3.left_upload where not_before <= now()
                            order by not_before limit ${AT_ONCE} for update skip locked)
     returning attempt_id as "attemptId", destination, key, upload_id as "uploadId",
               (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
               (extract(epoch from now() - left_at) * 1000)::float8 as "leftMs"`,
    [againMs],
  );
  return z.array(leftSchema).parse(rows);
}

export async function forgetLeftUpload(attemptId: string): Promise<void> {
  await pool().query("delete from s3.left_upload where attempt_id = $1", [attemptId]);
}
