import { z } from "zod";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import type { PlanReply } from "../contract";
import { planFactsSchema } from "../domain/plan-facts";

const rowSchema = z.object({
  plan: z.object({ hash: z.string() }).and(planFactsSchema).nullable(),
  sealedAt: z.date().nullable(),
  blocked: z.string().nullable(),
});

/** The sealed plan; `not_found` before the listing is sealed, as nothing is certain then. */
export async function getPlan(id: string): Promise<PlanReply> {
  const { rows } = await pool().query(`select plan, sealed_at as "sealedAt", blocked from s3_migration where id = $1`, [
    id,
  ]);
  if (rows.length === 0) throw new AppError("not_found", "There is no S3 migration with this id.");
  const { plan, sealedAt, blocked } = rowSchema.parse(rows[0]);
  if (plan === null || sealedAt === null) {
    throw new AppError("not_found", "The listing is not sealed yet: there is no plan to show.");
  }
  const { hash, ...facts } = plan;
  return { sealedAt: sealedAt.toISOString(), hash, blocked, facts };
}
