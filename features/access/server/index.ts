import type * as z from "zod/mini";
import { AppError } from "@/lib/errors";
import { isAllowed, PERMISSIONS, type Viewer } from "@/server/auth/permissions";
import {
  changePerson as changeStored,
  invitePerson as inviteStored,
  listPeople,
  renewCode as renewStored,
  type Person as StoredPerson,
} from "@/server/auth/person-repository";
import { endSession, listSessions, type SessionPerson } from "@/server/auth/session-repository";
import { isSignInOn } from "@/server/auth/sign-in-settings";
import {
  type changePersonSchema,
  type invitePersonSchema,
  PERSON_ROLES,
  type Person,
  type PersonWithCode,
  type SessionReply,
} from "../contract";

/** Who asks, and what their role allows; pages offer nothing else. */
export function readSession(viewer: Viewer): SessionReply {
  const role = PERSON_ROLES.find((name) => name === viewer.role);
  const { session } = viewer;
  if (session === undefined || role === undefined) return { isSignInOn: isSignInOn(), person: null };
  const permissions = PERMISSIONS.filter((permission) => isAllowed(viewer, permission));
  return { isSignInOn: true, person: { name: viewer.name, email: session.email, role, permissions } };
}

/** The signed-in person behind a viewer; only they have an account. */
export function toSessionPerson({ id, name, role, session }: Viewer): SessionPerson {
  const known = PERSON_ROLES.find((one) => one === role);
  if (session === undefined || known === undefined) throw new AppError("unauthorized", "Sign in first.");
  return { id, name, role: known, email: session.email, sessionId: session.id };
}

export async function readSessions(viewer: Viewer) {
  const person = toSessionPerson(viewer);
  const sessions = await listSessions(person.id);
  return {
    sessions: sessions.map(({ createdAt, seenAt, expiresAt, ...session }) => ({
      ...session,
      isThis: session.id === person.sessionId,
      createdAt: createdAt.toISOString(),
      seenAt: seenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    })),
  };
}

/** Ends one of one's own sessions, this one included. */
export async function endOwnSession(viewer: Viewer, sessionId: string): Promise<void> {
  const isEnded = await endSession(toSessionPerson(viewer), sessionId);
  if (!isEnded) throw new AppError("not_found", "This session is over, or never was yours.");
}

export async function readPeople(): Promise<{ people: Person[] }> {
  return { people: (await listPeople()).map(toPerson) };
}

export async function invitePerson(
  input: z.output<typeof invitePersonSchema>,
  { name }: Viewer,
): Promise<PersonWithCode> {
  const { person, code } = await inviteStored(input, name);
  return { person: toPerson(person), code };
}

export async function changePerson(
  id: string,
  change: z.output<typeof changePersonSchema>,
  { name }: Viewer,
): Promise<Person> {
  return toPerson(await changeStored(id, change, name));
}

export async function renewCode(id: string, { name }: Viewer): Promise<PersonWithCode> {
  const { person, code } = await renewStored(id, name);
  return { person: toPerson(person), code };
}

const toPerson = ({ createdAt, seenAt, ...person }: StoredPerson): Person => ({
  ...person,
  createdAt: createdAt.toISOString(),
  seenAt: seenAt?.toISOString() ?? null,
});
