import { setTimeout as delay } from "node:timers/promises";

/** A page says that it waits from the third second on; what is known already is there before that. */
export const PATIENCE_MS = 2500;

/** Whether there is neither an answer nor a failure in time. What was asked goes on. */
export async function isLate(asked: Promise<unknown>, patienceMs = PATIENCE_MS): Promise<boolean> {
  const over = new AbortController();
  const isSettled = asked.then(
    () => false,
    () => false,
  );
  const isOverdue = delay(patienceMs, true, { signal: over.signal }).catch(() => false);
  const answer = await Promise.race([isSettled, isOverdue]);
  over.abort();
  return answer;
}
