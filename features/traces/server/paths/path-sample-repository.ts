import { pool } from "@/server/db/client";

const KEPT_FOR = "7 days";
const MAX_ROWS = 2_000;

/** A sample as it was saved, or undefined. */
export async function findSample(id: string): Promise<{ body: Buffer; sampledAtMs: number } | undefined> {
  const { rows } = await pool().query<{ body: Buffer; sampled_at: Date }>(
    "select body, sampled_at from paths.sample where id = $1",
    [id],
  );
  const [row] = rows;
  return row === undefined ? undefined : { body: row.body, sampledAtMs: row.sampled_at.getTime() };
}

/** Keeps a sample unless a newer one is kept; forgets those of last week and the oldest of too many. */
export async function saveSample(
  id: string,
  { body, sampledAtMs }: { body: Buffer; sampledAtMs: number },
): Promise<void> {
  await pool().query(
    `insert into paths.sample as held (id, sampled_at, body) values ($1, $2, $3)
     on conflict (id) do update set sampled_at = excluded.sampled_at, body = excluded.body
       where held.sampled_at < excluded.sampled_at`,
    [id, new Date(sampledAtMs), body],
  );
  await pool().query(
    `delete from paths.sample where sampled_at < now() - $1::interval
       or id in (select id from paths.sample order by sampled_at desc offset $2)`,
    [KEPT_FOR, MAX_ROWS],
  );
}
