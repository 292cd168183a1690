import { pool } from "@/server/db/client";

/** Whether the collector of this console ever heard of a service. On the pool of the process that asks: it is not the collector. */
export async function hasService(service: string): Promise<boolean> {
  const { rowCount } = await pool().query("select 1 from collector.operation where service = $1 limit 1", [service]);
  return rowCount !== 0;
}
