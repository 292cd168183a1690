import { randomUUID } from "node:crypto";
import { z } from "zod";
import { pool } from "@/server/db/client";
import { destinationSchema } from "../../contract";

/** An upload in parts that somebody began and nobody ended, as far as we know. */
export type OpenUpload = {
  attemptId: string;
  /** At the destination, without its prefix. */
  key: string;
  /** `null`: whoever began it never learnt, or never told, how the server calls it. */
  uploadId: string | null;
  startedAtMs: number;
};

/** Notes that an upload is about to begin: before the server hears of it, so that no crash leaves one unknown. */
export async function noteUpload(migrationNo: number, objectId: number): Promise<string> {
  const attemptId = randomUUID();
  await pool().query("insert into s3.upload (attempt_id, migration_no, object_id) values ($1, $2, $3)", [
    attemptId,
    migrationNo,
    objectId,
  ]);
  return attemptId;
}

export async function nameUpload(attemptId: string, uploadId: string): Promise<void> {
  await pool().query("update s3.upload set upload_id = $2 where attempt_id = $1", [attemptId, uploadId]);
}

/** It was completed, or aborted: nothing of it is left at the destination. */
export async function forgetUpload(attemptId: string): Promise<void> {
  await pool().query("delete from s3.upload where attempt_id = $1", [attemptId]);
}

/** Uploads of one object, or of all objects, that a dead worker may have left. */
export async function listOpenUploads(migrationNo: number, objectId?: number): Promise<OpenUpload[]> {
  const { rows } = await pool().query<Omit<OpenUpload, "startedAtMs"> & { startedAt: Date }>(
    `select u.attempt_id as "attemptId", coalesce(o.dst_key, o.src_key) as key, u.upload_id as "uploadId", u.started_at as "startedAt"
       from s3.upload u join s3.object o on o.migration_no = u.migration_no and o.id = u.object_id
      where u.migration_no = $1 and ($2::bigint is null or u.object_id = $2)`,
    [migrationNo, objectId ?? null],
  );
  return rows.map(({ startedAt, ...row }) => ({ ...row, startedAtMs: startedAt.getTime() }));
}

const endedSchema = z.array(z.object({ no: z.number(), destination: destinationSchema }));

/** Migrations that are over for good and still have uploads on record. */
export async function listEndedWithUploads(): Promise<z.output<typeof endedSchema>> {
  const { rows } = await pool().query(
    `select no, destination from s3_migration
      where state in ('verified', 'cancelled') and no in (select migration_no from s3.upload)`,
  );
  return endedSchema.parse(rows);
}
