import { setTimeout as delay } from "node:timers/promises";
import { collectorPool } from "./collector-pool-repository";

/** A question that takes longer has the database looked at: who asked gives up after ten seconds. */
const LONG_MS = 4000;
/** The least of questions takes no longer on a database that lives. */
const PING_MS = 2000;

/**
 * Whether work that takes long waits for a database that answers nobody. False as soon as the work is done, well or not.
 * A database that hangs tells nobody so: without a look the asker would give up, and take the collector for what hangs.
 */
export async function isDatabaseSilent(work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const { signal } = over;
  const isDone = work.then(
    () => true,
    () => true,
  );
  const after = (ms: number) => delay(ms, false, { signal }).catch(() => false);
  try {
    if (await Promise.race([isDone, after(LONG_MS)])) return false;
    const isHeard = ping();
    return !(await Promise.race([isDone, isHeard, after(PING_MS)]));
  } finally {
    over.abort();
  }
}

function ping(): Promise<boolean> {
  return collectorPool()
    .query("select 1")
    .then(
      () => true,
      () => false,
    );
}
