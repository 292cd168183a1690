import { pool } from "@/server/db/client";
import type { S3MigrationDetail } from "../../contract";
import type { LevelChange } from "../../domain/concurrency-level";

const MAX_LISTED = 200;

/** Notes that fewer objects are let into flight, for the chart. */
export async function saveLevelChange(no: number, { from, to, reason }: LevelChange): Promise<void> {
  await pool().query(
    "insert into s3.level_change (migration_no, reason, from_limit, to_limit) values ($1, $2, $3, $4)",
    [no, reason, from, to],
  );
}

/** The newest, oldest of them first. */
export async function listLevelChanges(id: string): Promise<S3MigrationDetail["levels"]> {
  const { rows } = await pool().query<Omit<S3MigrationDetail["levels"][number], "at"> & { at: Date }>(
    `select at, reason, from_limit as "from", to_limit as "to" from s3.level_change
      where migration_no = (select no from s3_migration where id = $1) order by id desc limit $2`,
    [id, MAX_LISTED],
  );
  return rows.reverse().map((row) => ({ ...row, at: row.at.toISOString() }));
}
