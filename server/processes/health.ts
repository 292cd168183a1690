import type { ConsoleProcesses, Health } from "@/lib/console-contract";
import { isAnswerLate } from "@/server/http/is-database-away";
import {
  findLastSigns,
  type LastSign,
  listProcesses,
  msDatabaseOwes,
  msSinceDatabaseAnswer,
  SILENT_AFTER_MS,
} from "./console-process-repository";
import { isCollectorKnownEmbedded } from "./embedded-collector";
import { currentTrouble } from "./trouble";

/** A probe has 200 ms for its answer; the database gets most of it. */
const DATABASE_TIMEOUT_MS = 150;
/** A busy machine answers late now and then; only a database that answered nobody for this long is down. */
const DATABASE_SILENT_AFTER_MS = 10_000;
/** One late answer is no news; signs of life come every 4 s, so that more than one is missing after this. */
const DATABASE_SLOW_AFTER_MS = 4500;

type Component = Health["components"][number];
type Signs = ReadonlyMap<string, LastSign>;

let pending: Promise<Signs | "slow" | "unreachable"> | undefined;
/** What the database told last; good enough while it takes a moment longer. */
let lastSigns: Signs | undefined;

/**
 * What works right now. Answers in time even when the database does not: one that has answered this process lately is
 * slow, one that refuses or has been silent is down.
 */
export async function checkHealth(): Promise<Health> {
  const answer = await Promise.race([askDatabase(), timeout(DATABASE_TIMEOUT_MS)]);
  const isLate = answer === "slow" && msSinceDatabaseAnswer() <= DATABASE_SLOW_AFTER_MS;
  const signs = isLate ? (lastSigns ?? answer) : answer;
  const web: Component = { name: "web", status: "ok" };
  const late = answer === "slow" ? { lateMs: Math.round(msDatabaseOwes()) } : {};
  if (typeof signs === "string") {
    const database = { ...troubleOf(signs), ...late };
    return { status: database.status, components: [web, database] };
  }
  const components: Component[] = [web, { ...databaseOf(signs), ...late }, componentOf("worker", signs)];
  if (isCollectorKnownEmbedded()) components.push(componentOf("collector", signs));
  return { status: components.every(({ status }) => status === "ok") ? "ok" : "degraded", components };
}

/** The health as an answer a load balancer understands: 503 when the console can do nothing. */
export function toHealthResponse(health: Health): Response {
  return Response.json(health, {
    status: health.status === "down" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
}

/** The processes of this console for the overview. */
export async function readProcesses(): Promise<ConsoleProcesses> {
  return { processes: await listProcesses() };
}

function troubleOf(trouble: "slow" | "unreachable"): Component {
  const silentMs = msSinceDatabaseAnswer();
  const since = Number.isFinite(silentMs) ? { since: new Date(Date.now() - silentMs).toISOString() } : {};
  if (trouble === "unreachable") return { name: "database", status: "down", detail: "is not reachable", ...since };
  return silentMs > DATABASE_SILENT_AFTER_MS
    ? { name: "database", status: "down", detail: "does not answer", ...since }
    : { name: "database", status: "degraded", detail: "is slow" };
}

/** It answers, and may still be unable to write: our own Postgres says so of itself, another one to our own beats. */
function databaseOf(signs: Signs): Component {
  const trouble = signs.get("postgres")?.trouble ?? currentTrouble();
  return trouble === undefined
    ? { name: "database", status: "ok" }
    : { name: "database", status: "degraded", detail: trouble };
}

/** One question at a time: probes of a hanging database do not pile up in the pool. */
function askDatabase(): Promise<Signs | "slow" | "unreachable"> {
  pending ??= findLastSigns()
    .then((signs) => {
      lastSigns = signs;
      return signs;
    })
    .catch((error: unknown) => (isAnswerLate(error) ? ("slow" as const) : ("unreachable" as const)))
    .finally(() => {
      pending = undefined;
    });
  return pending;
}

function timeout(ms: number): Promise<"slow"> {
  return new Promise((resolve) => setTimeout(resolve, ms, "slow"));
}

function componentOf(name: "worker" | "collector", signs: Signs): Component {
  const last = signs.get(name);
  if (last === undefined) return { name, status: "degraded", detail: "has not started" };
  const seenAt = last.seenAt.toISOString();
  if (last.ageMs > SILENT_AFTER_MS) return { name, status: "degraded", detail: "says nothing", seenAt, since: seenAt };
  if (last.trouble !== null) return { name, status: "degraded", detail: last.trouble, seenAt };
  return { name, status: "ok", seenAt };
}
