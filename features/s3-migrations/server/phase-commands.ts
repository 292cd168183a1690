import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { LOCAL_NAME } from "@/lib/viewer-name";
import type { MigrationOptions } from "../domain/plan-spec";
import { type CommandVerb, type MigrationPhase, type MigrationState, PROBLEM_STATES } from "../domain/states";
import { reopenMissing } from "./failure-repository";

export type PhaseCommand = { commandId: number; verb: CommandVerb; actor: string; reason?: string | undefined };
export type PhaseTarget = {
  no: number;
  phase: MigrationPhase;
  state: MigrationState;
  epoch: number;
  options: MigrationOptions;
};
/** Where a command leaves the migration, and how many objects it put back to work. */
export type Effect = { phase: MigrationPhase; state: MigrationState; reopened: number };
type Apply = (client: PoolClient, command: PhaseCommand, target: PhaseTarget) => Promise<Effect>;

const refuse = (sentence: string): never => {
  throw new AppError("conflict", sentence);
};
const to = (phase: MigrationPhase, state: MigrationState, reopened = 0): Effect => ({ phase, state, reopened });

/** Commands of the phases around the copy; each checks its own condition under the lock of the migration's row. */
export const PHASE_COMMANDS: Partial<Record<CommandVerb, Apply>> = {
  list_again: async (client, _command, { no, phase, epoch, options }) => {
    const passes = Math.max(1, options.maxDeltaPasses);
    await client.query(
      `update s3_migration set delta_until = $2, delta_outcome = null, list_attempts = 0, list_not_before = null,
              list_cursor = null, list_side = null, listed_objects = 0, listed_bytes = 0, retire_asked_by = null,
              retire_asked_at = null, return_phase = $3::s3_migration_phase where no = $1`,
      [no, epoch + passes, phase === "cutover" || phase === "soak" ? phase : null],
    );
    return to("delta", "listing");
  },
  accept_shrink: async (client, _command, { no }) => {
    await client.query("update s3_migration set shrink_accepted = shrunk_to, shrunk_to = null where no = $1", [no]);
    return to("delta", "listing");
  },
  repair: async (client, { commandId }, { no }) =>
    to("copy", "running", await reopenMissing(client, { no, commandId })),
  begin_cutover: async () => to("cutover", "cutover"),
  confirm_cutover: async (client, { actor, reason }, { no, options }) => {
    const { outcome, found } = await lastLook(client, no);
    if (outcome !== "clean" && (reason ?? "") === "") {
      refuse(
        found > 0
          ? `The last look at the source found ${found} new or changed objects: it is still written. List again, or give a reason to cut over all the same.`
          : "Nobody has looked at the source since it was listed. List again, or give a reason to cut over all the same.",
      );
    }
    await client.query(
      `update s3_migration set cut_over_by = $2, cut_over_at = now(), soak_until = now() + $3 * interval '1 day',
              soak_next_at = now(), soak_checked = 0, soak_wrong = 0, retire_asked_by = null, retire_asked_at = null,
              retire_approved_by = null, retire_approved_at = null, return_phase = null where no = $1`,
      [no, actor, options.soakDays],
    );
    return to("soak", "soaking");
  },
  end_soak: async (client, { reason }, { no }) => {
    if ((reason ?? "") === "") refuse("Say why the soak ends early: the reason is kept.");
    await client.query("update s3_migration set soak_until = now() where no = $1", [no]);
    return to("soak", "soaking");
  },
  ask_retire: async (client, { actor }, { no }) => {
    await refuseUnsafeRetire(client, no);
    await client.query("update s3_migration set retire_asked_by = $2, retire_asked_at = now() where no = $1", [
      no,
      actor,
    ]);
    return to("soak", "soaking");
  },
  approve_retire: async (client, { actor }, { no }) => {
    const { rows } = await client.query<{ asked: string }>(
      "select retire_asked_by as asked from s3_migration where no = $1",
      [no],
    );
    // Where nobody has given a name, people cannot be told apart.
    if (rows[0]?.asked === actor && actor !== LOCAL_NAME) {
      refuse("Somebody else than the person who asked has to approve deleting the source.");
    }
    await refuseUnsafeRetire(client, no);
    await client.query("update s3_migration set retire_approved_by = $2, retire_approved_at = now() where no = $1", [
      no,
      actor,
    ]);
    return to("retire", "retiring");
  },
};

type Look = { outcome: string | null; found: number; isAfterCutover: boolean; problems: number; isOver: boolean };

async function lastLook(client: PoolClient, no: number): Promise<Look> {
  const { rows } = await client.query<Look>(
    `select m.delta_outcome as outcome, case when m.epoch = 0 then 0 else p.added + p.changed end as found,
            coalesce(p.sealed_at > m.cut_over_at, false) as "isAfterCutover",
            coalesce(m.soak_until <= now(), false) as "isOver",
            (select coalesce(sum(${PROBLEM_STATES.join(" + ")}), 0)::int from s3.chunk where migration_no = $1) as problems
       from s3_migration m join s3.pass p on p.migration_no = m.no and p.epoch = m.epoch where m.no = $1`,
    [no],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("conflict", "The source has not been listed yet.");
  return row;
}

/** Deleting at the source needs a finished soak, no open question, and a look after the cutover that found nothing new. */
async function refuseUnsafeRetire(client: PoolClient, no: number): Promise<void> {
  const { outcome, isAfterCutover, problems, isOver } = await lastLook(client, no);
  if (!isOver) refuse("The soak is not over yet.");
  if (problems > 0) refuse(`${problems} objects need a decision first: retry them, or put their cause right.`);
  if (!isAfterCutover) refuse("Nobody has looked at the source since the cutover. List again first.");
  if (outcome !== "clean") refuse("The source is still written: the last look found new or changed objects.");
}
