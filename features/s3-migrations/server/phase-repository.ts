import type { z } from "zod";
import { pool } from "@/server/db/client";
import type { OrphansReply, orphansQuerySchema, Pass, PhaseEntry, S3MigrationSnapshot } from "../contract";
import type { MigrationPhase } from "../domain/states";

/** The columns of a migration's row that the phases around the copy keep. */
export type PhaseRow = {
  no: number;
  phase: MigrationPhase;
  objects: number;
  bytes: number;
  epoch: number;
  deltaUntil: number;
  deltaOutcome: "clean" | "limit" | null;
  listedObjects: number;
  listedBytes: number;
  shrunkTo: number | null;
  shrinkAccepted: number | null;
  planHash: string | null;
  approvedBy: string | null;
  approvedAt: Date | null;
  approvedPlan: string | null;
  cutOverBy: string | null;
  cutOverAt: Date | null;
  soakUntil: Date | null;
  isSoakOver: boolean;
  soakChecked: number;
  soakWrong: number;
  retireAskedBy: string | null;
  retireAskedAt: Date | null;
  retireApprovedBy: string | null;
  retireApprovedAt: Date | null;
  orphanObjects: number | null;
  orphanBytes: number | null;
};

export const PHASE_COLUMNS = `no, objects, bytes, epoch, delta_until as "deltaUntil", delta_outcome as "deltaOutcome",
    listed_objects as "listedObjects", listed_bytes as "listedBytes", shrunk_to as "shrunkTo",
    shrink_accepted as "shrinkAccepted", plan->>'hash' as "planHash", approved_by as "approvedBy",
    approved_at as "approvedAt", approved_plan as "approvedPlan", cut_over_by as "cutOverBy", cut_over_at as "cutOverAt",
    soak_until as "soakUntil", coalesce(soak_until <= now(), false) as "isSoakOver", soak_checked as "soakChecked",
    soak_wrong as "soakWrong", retire_asked_by as "retireAskedBy", retire_asked_at as "retireAskedAt",
    retire_approved_by as "retireApprovedBy", retire_approved_at as "retireApprovedAt",
    orphan_objects as "orphanObjects", orphan_bytes as "orphanBytes"`;

type Phases = Pick<
  S3MigrationSnapshot,
  "epoch" | "delta" | "shrink" | "planHash" | "approval" | "cutover" | "soak" | "retire" | "orphans"
>;

export function toPhases(row: PhaseRow): Phases {
  const { approvedBy, approvedAt, cutOverBy, cutOverAt, soakUntil, orphanObjects } = row;
  return {
    epoch: row.epoch,
    delta: {
      outcome: row.deltaOutcome,
      until: row.deltaUntil,
      listed: row.phase === "delta" ? row.listedObjects : null,
    },
    shrink: row.shrunkTo === null ? null : { listed: row.shrunkTo },
    planHash: row.planHash,
    approval:
      approvedBy === null || approvedAt === null
        ? null
        : { by: approvedBy, at: approvedAt.toISOString(), planHash: row.approvedPlan },
    cutover: cutOverBy === null || cutOverAt === null ? null : { by: cutOverBy, at: cutOverAt.toISOString() },
    soak:
      soakUntil === null
        ? null
        : {
            until: soakUntil.toISOString(),
            isOver: row.isSoakOver,
            checked: row.soakChecked,
            wrong: row.soakWrong,
          },
    retire: toRetire(row),
    orphans: orphanObjects === null ? null : { objects: orphanObjects, bytes: row.orphanBytes ?? 0 },
  };
}

function toRetire(row: PhaseRow): Phases["retire"] {
  const { retireAskedBy: askedBy, retireAskedAt: askedAt } = row;
  if (askedBy === null || askedAt === null) return null;
  const approvedAt = row.retireApprovedAt?.toISOString() ?? null;
  return { askedBy, askedAt: askedAt.toISOString(), approvedBy: row.retireApprovedBy, approvedAt };
}

const NO_OF = "(select no from s3_migration where id = $1)";

/** Every sealed look at the source, oldest first. */
export async function listPasses(id: string): Promise<Pass[]> {
  const { rows } = await pool().query<Omit<Pass, "sealedAt"> & { sealedAt: Date }>(
    `select epoch, sealed_at as "sealedAt", listed, added, changed, vanished, objects, bytes, chunks
       from s3.pass where migration_no = ${NO_OF} order by epoch`,
    [id],
  );
  return rows.map((row) => ({ ...row, sealedAt: row.sealedAt.toISOString() }));
}

/** When phases and states were entered, oldest first; of a long history the newest 500. */
export async function listPhaseEntries(id: string): Promise<PhaseEntry[]> {
  const { rows } = await pool().query<Omit<PhaseEntry, "at"> & { at: Date }>(
    `select phase, state, at from (select * from s3.phase_entry where migration_no = ${NO_OF}
      order by id desc limit 500) e order by id`,
    [id],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Keys of the destination that the source does not have, in key order. */
export async function listOrphans(
  id: string,
  { after, limit }: z.output<typeof orphansQuerySchema>,
): Promise<OrphansReply> {
  const { rows } = await pool().query<{ key: string; sizeBytes: number }>(
    `select key, size as "sizeBytes" from s3.orphan
      where migration_no = ${NO_OF} and ($2::text is null or key > $2) order by key limit $3`,
    [id, after ?? null, limit + 1],
  );
  const orphans = rows.slice(0, limit);
  return { orphans, nextAfter: rows.length > limit ? (orphans.at(-1)?.key ?? null) : null };
}
