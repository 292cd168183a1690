import { AppError, messageOf } from "@/lib/errors";
import { writeRefusal } from "@/server/audit/write-audit-repository";
import { log } from "@/server/log/log";
import { isAllowed, type Permission, type Viewer } from "./permissions";

const ONCE_EVERY_MS = 60_000;
const MOST_REMEMBERED = 1000;
type Shared = { opsDenials?: Map<string, number> };
const shared = globalThis as typeof globalThis & Shared;

/** Refuses what this person may not do, with the reason; a refusal of somebody who is signed in goes on record. */
export async function assertAllowed(viewer: Viewer, permission: Permission, pathname: string): Promise<void> {
  if (isAllowed(viewer, permission)) return;
  if (viewer.role === "anonymous") throw new AppError("unauthorized", "Sign in first.");
  if (viewer.session === undefined) throw new AppError("forbidden", `This needs the permission ${permission}.`);
  await noteDenial(viewer, permission, pathname);
  throw new AppError(
    "forbidden",
    `Your role, ${viewer.role}, may not do this (${permission}). An admin can give you another.`,
  );
}

/** At most once a minute for the same: a page that asks every second must not fill the audit. */
async function noteDenial(viewer: Viewer, permission: Permission, pathname: string): Promise<void> {
  shared.opsDenials ??= new Map();
  const key = `${viewer.id} ${permission} ${pathname}`;
  const now = Date.now();
  if (now - (shared.opsDenials.get(key) ?? 0) < ONCE_EVERY_MS) return;
  if (shared.opsDenials.size > MOST_REMEMBERED) shared.opsDenials.clear();
  shared.opsDenials.set(key, now);
  await writeRefusal({
    actor: viewer.name,
    action: "access.deny",
    subject: `person:${viewer.id}`,
    detail: { permission, path: pathname.slice(0, 200) },
  }).catch((error: unknown) => log().warn({ reason: messageOf(error) }, "a refusal could not go on record"));
}
