import { pool } from "@/server/db/client";
import type { RunPeople } from "../contract";

const HERE_SECONDS = 25;
/** More people than stand around one run; keeps a script with a thousand names from filling a page. */
const MAX_PEOPLE = 50;

/** Notes that somebody is here and answers who is. `undefined` when there is no such run. */
export async function savePresence(
  runId: string,
  { person, stepId }: { person: string; stepId: string | null },
): Promise<RunPeople["people"] | undefined> {
  const { rowCount } = await pool().query(
    `insert into run_presence (run_id, person, step_id, seen_at) select id, $2, $3, now() from run where id = $1
     on conflict (run_id, person) do update set step_id = excluded.step_id, seen_at = excluded.seen_at`,
    [runId, person, stepId],
  );
  if (rowCount === 0) return undefined;
  await pool().query("delete from run_presence where run_id = $1 and seen_at < now() - interval '10 minutes'", [runId]);
  const { rows } = await pool().query<{ person: string; step_id: string | null; seen_at: Date }>(
    `select person, step_id, seen_at from run_presence
     where run_id = $1 and seen_at > now() - make_interval(secs => $2) order by person limit $3`,
    [runId, HERE_SECONDS, MAX_PEOPLE],
  );
  return rows.map((row) => ({ person: row.person, stepId: row.step_id, seenAt: row.seen_at.toISOString() }));
}
