import type { PoolClient } from "pg";
import { z } from "zod";
import { writeAudit } from "@/server/audit/write-audit-repository";
import { pool, transaction } from "@/server/db/client";
import { hashOfSecret } from "./secrets";

/** Unused for longer, a session is over. */
const IDLE_DAYS = 7;

const rowSchema = z.object({
  sessionId: z.string(),
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["viewer", "operator", "admin"]),
});
/** A person by an open session. */
export type SessionPerson = z.infer<typeof rowSchema>;

/**
 * Whose session a token opens now, by the clock of the database: undefined when it is none, over, unused for too long, or
 * its person is disabled. Read at every request, so that taking a session or a role away holds from the next one on.
 */
export async function findSessionPerson(token: string): Promise<SessionPerson | undefined> {
  const { rows } = await pool().query(
    `select s.id as "sessionId", p.id, p.name, p.email, p.role
       from access.session s join access.person p on p.id = s.user_id
      where s.token = $1 and s.expires_at > now() and s.seen_at > now() - interval '${IDLE_DAYS} days'
        and p.disabled_at is null`,
    [hashOfSecret(token)],
  );
  return rows[0] === undefined ? undefined : rowSchema.parse(rows[0]);
}

/** Its person was here; written once a minute at most. */
export async function noteSeen(sessionId: string): Promise<void> {
  await pool().query(
    "update access.session set seen_at = now() where id = $1 and seen_at < now() - interval '1 minute'",
    [sessionId],
  );
}

export type OpenSession = {
  id: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
  address: string;
  userAgent: string;
};

/** The open sessions of a person, the one used last first. */
export async function listSessions(personId: string): Promise<OpenSession[]> {
  const { rows } = await pool().query<OpenSession>(
    `select id, created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt",
            coalesce(ip_address, '') as address, coalesce(user_agent, '') as "userAgent"
       from access.session where user_id = $1 and expires_at > now() and seen_at > now() - interval '${IDLE_DAYS} days'
      order by seen_at desc, id`,
    [personId],
  );
  return rows;
}

/** Ends one session of a person; false when there is none of this id. */
export async function endSession(person: SessionPerson, sessionId: string): Promise<boolean> {
  return transaction(async (client) => {
    const { rowCount } = await client.query("delete from access.session where id = $1 and user_id = $2", [
      sessionId,
      person.id,
    ]);
    if (rowCount === 0) return false;
    await writeAudit(client, {
      actor: person.name,
      action: sessionId === person.sessionId ? "access.sign_out" : "access.end_session",
      subject: `person:${person.id}`,
      detail: { name: person.name },
    });
    return true;
  });
}

/** Ends all sessions of a person, all but `kept` where one is named. */
export async function endSessions(client: PoolClient, personId: string, kept = ""): Promise<void> {
  await client.query("delete from access.session where user_id = $1 and id <> $2", [personId, kept]);
}
