import type { Health } from "@/lib/console-contract";

type Component = Health["components"][number];

/** What is known of one of the console's own parts. */
export function findComponent(health: Health | undefined, name: Component["name"]): Component | undefined {
  return health?.components.find((component) => component.name === name);
}

/** Whether one of the console's own parts is down, as far as is known. */
export function isDown(health: Health | undefined, name: Component["name"]): boolean {
  return findComponent(health, name)?.status === "down";
}

/** Whether the database takes longer than usual to answer the server itself. */
export function isLate(health: Health | undefined): boolean {
  return findComponent(health, "database")?.lateMs !== undefined;
}

/** From here on a reader of an empty page is told why it is empty. */
const TOLD_AFTER_MS = 2000;
/** Two missed reads. */
const UNHEARD_AFTER_MS = 12_000;
/** The same while the database is late: the server is asked every second then. */
const UNHEARD_WHILE_LATE_MS = 4000;

type Heard = { health: Health | undefined; heardAtMs: number; nowMs: number | undefined };

/**
 * For how long the database owed an answer when the server last spoke of it, once that is worth saying; `undefined` where
 * it did not say so lately. No time is added here: why a page hears nothing of the server (its six connections taken by
 * other questions, a network that is gone, a tab in the background) says nothing of the database.
 */
export function owedMs({ health, heardAtMs, nowMs }: Heard): number | undefined {
  const { lateMs = 0 } = findComponent(health, "database") ?? {};
  if (lateMs < TOLD_AFTER_MS || nowMs === undefined || nowMs - heardAtMs > UNHEARD_AFTER_MS) return undefined;
  return lateMs;
}

/** For how long the page has heard nothing of the server, once that is longer than it should be. */
export function unheardMs({ health, heardAtMs, nowMs }: Heard): number | undefined {
  if (nowMs === undefined || heardAtMs === 0) return undefined;
  const ms = nowMs - heardAtMs;
  return ms > (isLate(health) ? UNHEARD_WHILE_LATE_MS : UNHEARD_AFTER_MS) ? ms : undefined;
}
