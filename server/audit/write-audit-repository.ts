import type { PoolClient } from "pg";
import { pool } from "@/server/db/client";

type AuditRow = { actor: string; action: string; subject: string; detail?: Record<string, unknown> };

/** One row of who did what, in the transaction of what was done. */
export async function writeAudit(client: PoolClient, { actor, action, subject, detail = {} }: AuditRow): Promise<void> {
  await client.query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
    actor,
    action,
    subject,
    JSON.stringify(detail),
  ]);
}

/** The same of what changed nothing: a refusal. */
export async function writeRefusal(row: AuditRow): Promise<void> {
  await pool().query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
    row.actor,
    row.action,
    row.subject,
    JSON.stringify(row.detail ?? {}),
  ]);
}
