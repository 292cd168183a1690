import { pool } from "@/server/db/client";
import { s3MigrationIdSchema } from "../contract";

/** Whether there is a migration of this id, as the path of its page spells it. */
export async function hasS3Migration(id: string): Promise<boolean> {
  if (!s3MigrationIdSchema.safeParse({ id }).success) return false;
  const { rowCount } = await pool().query("select 1 from s3_migration where id = $1", [id]);
  return rowCount !== 0;
}
