import { pool } from "@/server/db/client";
import { runParamsSchema } from "../contract";

/** Whether there is a run of this id, as the path of its page spells it. */
export async function hasRun(id: string): Promise<boolean> {
  if (!runParamsSchema.safeParse({ id }).success) return false;
  const { rowCount } = await pool().query("select 1 from run where id = $1", [id]);
  return rowCount !== 0;
}

/** Whether there is a runbook of this id: source name and path. */
export async function hasRunbook(id: string): Promise<boolean> {
  const { rowCount } = await pool().query("select 1 from runbook where id = $1", [id]);
  return rowCount !== 0;
}
