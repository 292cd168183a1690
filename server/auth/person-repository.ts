import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { AppError, codeOf } from "@/lib/errors";
import { writeAudit } from "@/server/audit/write-audit-repository";
import { pool, transaction } from "@/server/db/client";
import { hashOfSecret, makeCode, normaliseCode } from "./secrets";
import { endSessions } from "./session-repository";

const ADMIN_CODE_HOURS = 1;
const PERSON_CODE_HOURS = 72;

export type PersonRole = "viewer" | "operator" | "admin";
export type Person = {
  id: string;
  name: string;
  email: string;
  role: PersonRole;
  isDisabled: boolean;
  hasPassword: boolean;
  createdAt: Date;
  seenAt: Date | null;
};

const SELECT = `select p.id, p.name, p.email, p.role, p.disabled_at is not null as "isDisabled",
  p.created_at as "createdAt", (select max(seen_at) from access.session s where s.user_id = p.id) as "seenAt",
  exists (select from access.account a where a.user_id = p.id and a.password is not null) as "hasPassword"
  from access.person p`;

export async function listPeople(): Promise<Person[]> {
  return (await pool().query<Person>(`${SELECT} order by lower(p.name)`)).rows;
}

/** A person who may sign in once they have a password, and the code they choose it with. */
export async function invitePerson(
  { name, email, role }: { name: string; email: string; role: PersonRole },
  actor: string,
): Promise<{ person: Person; code: string }> {
  return transaction(async (client) => {
    const id = await insertPerson(client, { name, email, role, actor });
    const code = await insertCode(client, { personId: id, actor, hours: PERSON_CODE_HOURS });
    await writeAudit(client, { actor, action: "access.invite", subject: `person:${id}`, detail: { name, role } });
    return { person: await getPerson(client, id), code };
  });
}

/** A new code for somebody who lost theirs, or the password. The old ones are worth nothing from now on. */
export async function renewCode(personId: string, actor: string): Promise<{ person: Person; code: string }> {
  return transaction(async (client) => {
    const person = await getPerson(client, personId);
    await client.query("update access.code set used_at = now() where user_id = $1 and used_at is null", [personId]);
    const code = await insertCode(client, { personId, actor, hours: PERSON_CODE_HOURS });
    const detail = { name: person.name };
    await writeAudit(client, { actor, action: "access.make_code", subject: `person:${personId}`, detail });
    return { person, code };
  });
}

/** For the command line: a code that makes its first user an admin. */
export async function makeAdminCode(actor: string): Promise<string> {
  return transaction(async (client) => {
    const code = await insertCode(client, { personId: null, actor, hours: ADMIN_CODE_HOURS });
    await writeAudit(client, { actor, action: "access.make_admin_code", subject: "console" });
    return code;
  });
}

/** What an admin changes of a person. Who is disabled has no session any more. */
export type PersonChange = { role?: PersonRole | undefined; isDisabled?: boolean | undefined };

export async function changePerson(personId: string, change: PersonChange, actor: string): Promise<Person> {
  return transaction(async (client) => {
    // All admins at once, so that two of them cannot take the role from each other.
    await client.query("select id from access.person where role = 'admin' or id = $1 order by id for update", [
      personId,
    ]);
    const before = await getPerson(client, personId);
    const after = { role: change.role ?? before.role, isDisabled: change.isDisabled ?? before.isDisabled };
    if (after.role === before.role && after.isDisabled === before.isDisabled) return before;
    await client.query(
      `update access.person set role = $2, disabled_at = case when $3 then coalesce(disabled_at, now()) end,
         updated_at = now() where id = $1`,
      [personId, after.role, after.isDisabled],
    );
    if (after.isDisabled) await endSessions(client, personId);
    await assertAdminLeft(client);
    const detail = { name: before.name, before: before.role, ...after };
    await writeAudit(client, { actor, action: "access.change_person", subject: `person:${personId}`, detail });
    return getPerson(client, personId);
  });
}

async function assertAdminLeft(client: PoolClient): Promise<void> {
  const { rows } = await client.query("select from access.person where role = 'admin' and disabled_at is null limit 1");
  if (rows.length > 0) return;
  throw new AppError("conflict", "Nobody would be admin any more. Make somebody else admin first.");
}

type Redeemed = { personId: string; email: string };

/**
 * Uses a code up: of an admin code its user becomes, or is made, an admin; of a person's code its person gets a new
 * password. Every session of that person ends. One answer for all that is wrong with a code.
 */
export async function redeemCode(
  client: PoolClient,
  { code, email, name, passwordHash }: { code: string; email: string; name: string; passwordHash: string },
): Promise<Redeemed> {
  const wrong = new AppError("unauthorized", "This code is not good for this e-mail: wrong, used, or too old.");
  const { rows } = await client.query<{ personId: string | null }>(
    `update access.code set used_at = now() where hash = $1 and used_at is null and expires_at > now()
     returning user_id as "personId"`,
    [hashOfSecret(normaliseCode(code))],
  );
  if (rows[0] === undefined) throw wrong;
  const found = await client.query<{ id: string; name: string }>(
    "select id, name from access.person where email = $1",
    [email.toLowerCase()],
  );
  const known = found.rows[0];
  const isAdminCode = rows[0].personId === null;
  if (!isAdminCode && known?.id !== rows[0].personId) throw wrong;
  const personId =
    known?.id ?? (await insertPerson(client, { name: name || email, email, role: "admin", actor: "admin code" }));
  if (isAdminCode) {
    await client.query("update access.person set role = 'admin', disabled_at = null where id = $1", [personId]);
  }
  await setPassword(client, personId, passwordHash);
  await writeAudit(client, {
    actor: known?.name ?? (name || email),
    action: isAdminCode ? "access.use_admin_code" : "access.use_code",
    subject: `person:${personId}`,
    detail: { name: known?.name ?? (name || email) },
  });
  return { personId, email };
}

/** A new password ends every other session of its person. */
export async function setPassword(client: PoolClient, personId: string, hash: string, kept = ""): Promise<void> {
  await client.query(
    `insert into access.account (id, account_id, provider_id, user_id, password) values ($1, $2, 'credential', $2, $3)
     on conflict (provider_id, account_id) do update set password = excluded.password, updated_at = now()`,
    [randomUUID(), personId, hash],
  );
  await endSessions(client, personId, kept);
}

/** The scrypt hash of a person's password; undefined without one. */
export async function findPasswordHash(personId: string): Promise<string | undefined> {
  const { rows } = await pool().query<{ password: string | null }>(
    "select password from access.account where user_id = $1 and provider_id = 'credential'",
    [personId],
  );
  return rows[0]?.password ?? undefined;
}

async function insertPerson(
  client: PoolClient,
  { name, email, role, actor }: { name: string; email: string; role: PersonRole; actor: string },
): Promise<string> {
  const id = randomUUID();
  try {
    await client.query("insert into access.person (id, name, email, role, created_by) values ($1, $2, $3, $4, $5)", [
      id,
      name,
      email.toLowerCase(),
      role,
      actor,
    ]);
  } catch (cause) {
    if (codeOf(cause) !== "23505") throw cause;
    throw new AppError("conflict", "Somebody has this e-mail or this name already.", { cause });
  }
  return id;
}

async function insertCode(
  client: PoolClient,
  { personId, actor, hours }: { personId: string | null; actor: string; hours: number },
): Promise<string> {
  const code = makeCode();
  await client.query(
    "insert into access.code (hash, user_id, created_by, expires_at) values ($1, $2, $3, now() + $4 * interval '1 hour')",
    [hashOfSecret(code), personId, actor, hours],
  );
  return code;
}

async function getPerson(client: PoolClient, id: string): Promise<Person> {
  const { rows } = await client.query<Person>(`${SELECT} where p.id = $1`, [id]);
  if (rows[0] === undefined) throw new AppError("not_found", "There is nobody with this id.");
  return rows[0];
}
