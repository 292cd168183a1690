// Next's routes are a module graph of their own beside the process's heartbeat: what both learn lives on globalThis.
type Shared = { opsDatabaseAnsweredAt?: number; opsDatabaseAskedAt?: number | undefined };
const shared = globalThis as typeof globalThis & Shared;

/** How long the database has answered nothing of this process; infinite before its first answer. */
export function msSinceDatabaseAnswer(): number {
  return performance.now() - (shared.opsDatabaseAnsweredAt ?? Number.NEGATIVE_INFINITY);
}

export function noteDatabaseAnswer(): void {
  shared.opsDatabaseAnsweredAt = performance.now();
  shared.opsDatabaseAskedAt = undefined;
}

export function noteDatabaseAsked(): void {
  shared.opsDatabaseAskedAt ??= performance.now();
}

/** How long the database has owed this process an answer; 0 when it owes none. */
export function msDatabaseOwes(): number {
  return shared.opsDatabaseAskedAt === undefined ? 0 : performance.now() - shared.opsDatabaseAskedAt;
}

/**
 * Throws, as a connection that is not made in time would, when the database owes an answer for so long. A process that
 * was stopped itself, or asked nothing, has heard nothing either: that says nothing of the database.
 */
export function assertDatabaseHeard(silentAfterMs: number): void {
  const { opsDatabaseAnsweredAt, opsDatabaseAskedAt } = shared;
  if (opsDatabaseAnsweredAt === undefined || opsDatabaseAskedAt === undefined) return;
  const silentMs = performance.now() - opsDatabaseAskedAt;
  if (silentMs <= silentAfterMs) return;
  const message = `The database has answered nothing for ${Math.round(silentMs / 1000)} s.`;
  throw Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
