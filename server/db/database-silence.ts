// Next's routes are a module graph of their own beside the process's heartbeat: what both learn lives on globalThis.
const shared = globalThis as typeof globalThis & { opsDatabaseAnsweredAt?: number };

/** How long the database has answered nothing of this process; infinite before its first answer. */
export function msSinceDatabaseAnswer(): number {
  return performance.now() - (shared.opsDatabaseAnsweredAt ?? Number.NEGATIVE_INFINITY);
}

export function noteDatabaseAnswer(): void {
  shared.opsDatabaseAnsweredAt = performance.now();
}

/** Throws, as a connection that is not made in time would, when the database has been silent for so long. */
export function assertDatabaseHeard(silentAfterMs: number): void {
  const silentMs = msSinceDatabaseAnswer();
  if (silentMs === Number.POSITIVE_INFINITY || silentMs <= silentAfterMs) return;
  const message = `The database has answered nothing for ${Math.round(silentMs / 1000)} s.`;
  throw Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
