import { z } from "zod";
import { pool } from "@/server/db/client";
import { destinationSchema, optionsSchema } from "../../contract";

const soakingSchema = z.object({ no: z.number(), destination: destinationSchema, options: optionsSchema });
export type Soaking = z.output<typeof soakingSchema>;

/** Takes the turn of a soaking migration; no other worker looks at it for `everyMs`. The database's clock decides. */
export async function takeSoaking(everyMs: number): Promise<Soaking | undefined> {
  const { rows } = await pool().query(
    `update s3_migration set soak_next_at = now() + $1 * interval '1 ms'
      where id = (select id from s3_migration
                   where phase = 'soak' and state = 'soaking' and desired_state = 'running'
                     and (soak_next_at is null or soak_next_at <= now())
                   order by soak_next_at limit 1 for update skip locked)
      returning no, destination, options`,
    [everyMs],
  );
  return rows.length === 0 ? undefined : soakingSchema.parse(rows[0]);
}

/** Adds to what the soak has looked at; the leader tells it on. */
export async function saveSoakCounts(no: number, checked: number, wrong: number): Promise<void> {
  await pool().query(
    `update s3_migration set soak_checked = soak_checked + $2, soak_wrong = soak_wrong + $3, version = version + 1
      where no = $1 and phase = 'soak'`,
    [no, checked, wrong],
  );
}
