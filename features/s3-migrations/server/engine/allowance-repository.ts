import { pool } from "@/server/db/client";
import type { AllowanceKind } from "../../domain/limits";

/** What lies ready for whoever asks next: less than a second's worth, more than an answer of a busy database takes. */
const HELD_S = 0.4;

export type Grant = { granted: number; waitMs: number };

/** Takes at least `needed`, or nothing, and at most `wished` of what all workers of the migration share. */
export async function takeAllowance(
  no: number,
  kind: AllowanceKind,
  { needed, wished }: { needed: number; wished: number },
): Promise<Grant> {
  const { rows } = await pool().query<Grant>({
    name: "s3-take-allowance",
    text: `select granted, wait_ms as "waitMs" from s3.take_allowance($1, $2, $3, $4, $5)`,
    values: [no, kind, needed, wished, HELD_S],
  });
  return rows[0] ?? { granted: wished, waitMs: 0 };
}
