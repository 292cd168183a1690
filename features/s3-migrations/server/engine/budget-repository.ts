import { pool } from "@/server/db/client";
import type { ResultTally } from "../../domain/error-budget";
import type { MigrationPhase } from "../../domain/states";

/** Enough for the window, however few results each tally holds. */
const MAX_TALLIES = 1000;

type Noted = { no: number; phase: MigrationPhase; tally: ResultTally };

/**
 * Adds one worker's results to those of all workers, and gives the newest of them, this one first. Empty when the
 * migration was stopped or went on to another phase meanwhile: those results are of the past.
 */
export async function noteResults({ no, phase, tally }: Noted): Promise<ResultTally[]> {
  const { rows } = await pool().query<ResultTally & { seq: number }>({
    name: "s3-note-results",
    text: `with mine as (
        insert into s3.result_tally (migration_no, phase, results, failed, run, class)
        select $1, $2::s3_migration_phase, $3, $4, $5, $6
         where exists (select 1 from s3_migration where no = $1 and phase = $2::s3_migration_phase and stopped_at is null)
        returning seq, results, failed, run, class)
      select seq, results, failed, run, class as "errorClass" from mine
      union all
      (select seq, results, failed, run, class from s3.result_tally
        where migration_no = $1 and phase = $2::s3_migration_phase and exists (select 1 from mine)
        order by seq desc limit ${MAX_TALLIES})
      order by seq desc`,
    values: [no, phase, tally.results, tally.failed, tally.run, tally.errorClass],
  });
  const oldest = rows[MAX_TALLIES];
  if (oldest !== undefined) await forgetBefore(no, oldest.seq);
  return rows;
}

async function forgetBefore(no: number, seq: number): Promise<void> {
  await pool().query("delete from s3.result_tally where migration_no = $1 and seq < $2", [no, seq]);
}
