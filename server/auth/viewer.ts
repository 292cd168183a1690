import { LOCAL_NAME, nameIn } from "@/lib/viewer-name";
import type { Viewer } from "./permissions";
import { sessionTokenIn } from "./session-cookie";
import { findSessionPerson, noteSeen, type SessionPerson } from "./session-repository";
import { isSignInOn } from "./sign-in-settings";

const ANONYMOUS: Viewer = { id: "anonymous", name: "anonymous", role: "anonymous" };

/**
 * Who sends this request. Without sign-in the console listens on loopback only, so whoever reaches it is the local
 * person, and the name is theirs to choose. With sign-in it is the person of an open session, or nobody.
 */
export async function viewerOf({ headers }: { headers: Headers }): Promise<Viewer> {
  const cookies = headers.get("cookie") ?? "";
  if (!isSignInOn()) return { id: "local", name: nameIn(cookies) || LOCAL_NAME, role: "local" };
  const person = await personOf(cookies);
  return person === undefined ? ANONYMOUS : toViewer(person);
}

/** The person whose session these cookies hold. */
export async function personOf(cookies: string): Promise<SessionPerson | undefined> {
  const token = sessionTokenIn(cookies);
  return token === undefined ? undefined : findSessionPerson(token);
}

const toViewer = ({ id, name, role, email, sessionId }: SessionPerson): Viewer => ({
  id,
  name,
  role,
  session: { id: sessionId, email },
});

type Shared = { opsSeen?: Map<string, number> };
const shared = globalThis as typeof globalThis & Shared;
const SEEN_EVERY_MS = 60_000;

/** A session in use does not grow old; streams do not count as use. */
export async function keepSessionFresh({ session }: Viewer): Promise<void> {
  if (session === undefined) return;
  shared.opsSeen ??= new Map();
  const now = Date.now();
  if (now - (shared.opsSeen.get(session.id) ?? 0) < SEEN_EVERY_MS) return;
  if (shared.opsSeen.size > 10_000) shared.opsSeen.clear();
  shared.opsSeen.set(session.id, now);
  await noteSeen(session.id);
}
