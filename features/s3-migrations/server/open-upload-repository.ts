import { pool } from "@/server/db/client";
import type { UploadsReply } from "../contract";
import { readPlace } from "./place-repository";

const MAX_SHOWN = 200;

type Own = { key: string; startedAt: Date; parts: number; ofParts: number | null };
type Other = { key: string; uploadId: string; startedAt: Date; seenAt: Date };

/** Uploads in parts that are open at the destination, as far as is on record. */
export async function listOpenUploads(id: string): Promise<UploadsReply> {
  const { no } = await readPlace(id);
  const [own, others] = await Promise.all([
    pool().query<Own>(
      `select coalesce(o.dst_key, o.src_key) as key, u.started_at as "startedAt",
              (select count(*) from s3.upload_part p where p.attempt_id = u.attempt_id) as parts,
              ceil(u.size::float8 / u.part_size)::int as "ofParts"
         from s3.upload u join s3.object o on o.migration_no = u.migration_no and o.id = u.object_id
        where u.migration_no = $1 order by u.started_at limit $2`,
      [no, MAX_SHOWN],
    ),
    pool().query<Other>(
      `select key, upload_id as "uploadId", initiated_at as "startedAt", seen_at as "seenAt"
         from s3.foreign_upload where migration_no = $1 order by initiated_at limit $2`,
      [no, MAX_SHOWN],
    ),
  ]);
  return {
    own: own.rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString() })),
    others: others.rows.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
    })),
  };
}
