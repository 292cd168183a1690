import { randomUUID } from "node:crypto";
import { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { destinationSchema } from "../../contract";

/** How an upload was cut and of what: another one goes on with it only if all of it is the same. */
export type UploadCut = { fingerprint: string; sizeBytes: number; partBytes: number; keptSum: number };

/** An upload in parts that somebody began and nobody ended, as far as we know. */
export type OpenUpload = {
  attemptId: string;
  /** At the destination, without its prefix. */
  key: string;
  /** `null`: whoever began it never learnt, or never told, how the server calls it. */
  uploadId: string | null;
  startedAtMs: number;
  /** `null`: from before uploads were resumed. */
  cut: UploadCut | null;
};

/** A part as it was sent: its sums, and the ETag the server gave it. */
export type SentPart = { partNumber: number; etag: string; crc32: string; md5: string };

/**
 * Notes that an upload is about to begin: before the server hears of it, so that no crash leaves one unknown. `undefined`:
 * the migration was removed. Its row is held meanwhile, so that no note comes after those the removal hands on.
 */
export async function noteUpload(migrationNo: number, objectId: number, cut: UploadCut): Promise<string | undefined> {
  const attemptId = randomUUID();
  const { rowCount } = await pool().query(
    `insert into s3.upload (attempt_id, migration_no, object_id, fingerprint, size, part_size, kept_sum)
     select $1, no, $3, $4, $5, $6, $7 from s3_migration where no = $2 for key share`,
    [attemptId, migrationNo, objectId, cut.fingerprint, cut.sizeBytes, cut.partBytes, cut.keptSum],
  );
  return rowCount === 1 ? attemptId : undefined;
}

/** How the server calls it. False: the migration was removed, and whoever aborts what it left knows the name now. */
export async function nameUpload(attemptId: string, uploadId: string): Promise<boolean> {
  const name = "set upload_id = $2 where attempt_id = $1";
  const { rowCount } = await pool().query(`update s3.upload ${name}`, [attemptId, uploadId]);
  if (rowCount === 1) return true;
  await pool().query(`update s3.left_upload ${name}`, [attemptId, uploadId]);
  return false;
}

/** A part the server has acknowledged. Nothing when the upload was given up meanwhile. */
export async function notePart(attemptId: string, { partNumber, etag, crc32, md5 }: SentPart): Promise<void> {
  await pool().query(
    `insert into s3.upload_part (attempt_id, part_number, etag, crc32, md5)
     select $1, $2, $3, $4, $5 where exists (select 1 from s3.upload where attempt_id = $1)
     on conflict (attempt_id, part_number) do update set etag = excluded.etag, crc32 = excluded.crc32, md5 = excluded.md5`,
    [attemptId, partNumber, etag, crc32, md5],
  );
}

export async function listSentParts(attemptId: string): Promise<SentPart[]> {
  const { rows } = await pool().query<SentPart>(
    `select part_number as "partNumber", etag, crc32, md5 from s3.upload_part where attempt_id = $1 order by part_number`,
    [attemptId],
  );
  return rows;
}

/** It was completed, or aborted: nothing of it is left at the destination. */
export async function forgetUpload(attemptId: string): Promise<void> {
  // Its parts go with it.
  await pool().query("delete from s3.upload where attempt_id = $1", [attemptId]);
}

/** Whose uploads: of one object, of objects nobody copies any more and that were begun long enough ago, or of all. */
export type WhichUploads = { objectId: number } | { abandonedMs: number } | "all";

/** Uploads that a dead worker may have left. */
export async function listOpenUploads(migrationNo: number, which: WhichUploads): Promise<OpenUpload[]> {
  const objectId = which !== "all" && "objectId" in which ? which.objectId : null;
  const abandonedMs = which !== "all" && "abandonedMs" in which ? which.abandonedMs : null;
  const { rows } = await pool().query<Omit<OpenUpload, "startedAtMs" | "cut"> & UploadCut & { startedAt: Date }>(
    `select u.attempt_id as "attemptId", coalesce(o.dst_key, o.src_key) as key, u.upload_id as "uploadId", u.started_at as "startedAt",
            u.fingerprint, u.size as "sizeBytes", u.part_size as "partBytes", u.kept_sum as "keptSum"
       from s3.upload u join s3.object o on o.migration_no = u.migration_no and o.id = u.object_id
      where u.migration_no = $1 and ($2::bigint is null or u.object_id = $2)
        and ($3::bigint is null or (o.state not in (0, 1) and u.started_at < now() - $3 * interval '1 ms'))
      order by u.started_at desc`,
    [migrationNo, objectId, abandonedMs],
  );
  return rows.map(({ attemptId, key, uploadId, startedAt, ...cut }) => ({
    attemptId,
    key,
    uploadId,
    startedAtMs: startedAt.getTime(),
    cut: cut.fingerprint === null ? null : cut,
  }));
}

export type ForeignUpload = { key: string; uploadId: string; initiatedMs: number };

/** Names of the uploads this migration has on record. */
export async function listOwnUploadIds(migrationNo: number): Promise<Set<string>> {
  const { rows } = await pool().query<{ id: string }>(
    "select upload_id as id from s3.upload where migration_no = $1 and upload_id is not null",
    [migrationNo],
  );
  return new Set(rows.map(({ id }) => id));
}

/** What others have open under the destination's prefix: written down for people, never touched. */
export async function saveForeignUploads(migrationNo: number, uploads: readonly ForeignUpload[]): Promise<void> {
  await transaction(async (client) => {
    await client.query("delete from s3.foreign_upload where migration_no = $1", [migrationNo]);
    await client.query(
      `insert into s3.foreign_upload (migration_no, upload_id, key, initiated_at)
       select $1, u.id, u.key, to_timestamp(u.ms / 1000.0)
         from unnest($2::text[], $3::text[], $4::float8[]) as u(id, key, ms) on conflict do nothing`,
      [
        migrationNo,
        uploads.map(({ uploadId }) => uploadId),
        uploads.map(({ key }) => key.replaceAll("\0", "\u2400")),
        uploads.map(({ initiatedMs }) => initiatedMs),
      ],
    );
  });
}

const endedSchema = z.array(z.object({ no: z.number(), destination: destinationSchema, isOver: z.boolean() }));

/** Migrations that have uploads on record which nobody goes on with: all of ended ones, abandoned ones of the others. */
export async function listWithLeftUploads(abandonedMs: number): Promise<z.output<typeof endedSchema>> {
  const { rows } = await pool().query(
    `select no, destination, state in ('verified', 'cancelled') as "isOver" from s3_migration m
      where options->>'mode' is distinct from 'reported' and exists (
        select 1 from s3.upload u join s3.object o on o.migration_no = u.migration_no and o.id = u.object_id
         where u.migration_no = m.no
           and (m.state in ('verified', 'cancelled')
                or (o.state not in (0, 1) and u.started_at < now() - $1 * interval '1 ms')))`,
    [abandonedMs],
  );
  return endedSchema.parse(rows);
}
