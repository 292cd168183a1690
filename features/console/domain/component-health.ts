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

type Heard = { health: Health | undefined; heardAtMs: number; nowMs: number | undefined };

/**
 * For how long the database has owed an answer, once that is worth saying; `undefined` before that, and when nothing is
 * known. The next answer may wait behind what the page itself asked the database: until it comes, time goes on.
 */
export function owedMs({ health, heardAtMs, nowMs }: Heard): number | undefined {
  const { lateMs } = findComponent(health, "database") ?? {};
  if (lateMs === undefined || nowMs === undefined) return undefined;
  const ms = lateMs + Math.max(0, nowMs - heardAtMs);
  return ms < TOLD_AFTER_MS ? undefined : ms;
}
