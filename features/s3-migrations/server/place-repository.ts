import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { destinationSchema } from "../contract";
import type { DestinationSpec } from "../domain/plan-spec";

/** The number the hot tables know a migration by, and where its objects go; `not_found` when there is none. */
export async function readPlace(id: string): Promise<{ no: number; destination: DestinationSpec }> {
  const { rows } = await pool().query<{ no: number; destination: unknown }>(
    "select no, destination from s3_migration where id = $1",
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "There is no S3 migration with this id.");
  return { no: row.no, destination: destinationSchema.parse(row.destination) };
}
