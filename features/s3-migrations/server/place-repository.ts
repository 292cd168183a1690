import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { type DestinationSpec, shownDestinationSchema } from "../domain/plan-spec";

/**
 * The number the hot tables know a migration by, and where its objects go; `not_found` when there is none, `conflict` for
 * one that a job elsewhere reports: its objects are not in those tables.
 */
export async function readPlace(id: string): Promise<{ no: number; destination: DestinationSpec }> {
  const { rows } = await pool().query<{ no: number; destination: unknown }>(
    "select no, destination from s3_migration where id = $1",
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  const destination = shownDestinationSchema.parse(row.destination);
  if (destination.kind === "elsewhere") {
    throw new AppError(
      "conflict",
      "A job elsewhere reports this S3 migration: nothing of it is proven, or listed, here.",
    );
  }
  return { no: row.no, destination };
}
