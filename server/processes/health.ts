import type { ConsoleProcesses, Health } from "@/lib/console-contract";
import { env } from "@/server/config/env";
import { findLastSigns, listProcesses } from "./console-process-repository";

/** A probe has 200 ms for its answer; the database gets most of it. */
const DATABASE_TIMEOUT_MS = 150;
/** Three missed heartbeats. */
const SILENT_AFTER_MS = 13_000;

type Component = Health["components"][number];
type Signs = Awaited<ReturnType<typeof findLastSigns>>;

let pending: Promise<Signs | "unreachable"> | undefined;

/** What works right now. Answers in time even when the database hangs: then it says so. */
export async function checkHealth(): Promise<Health> {
  const signs = await Promise.race([askDatabase(), timeout(DATABASE_TIMEOUT_MS)]);
  const web: Component = { name: "web", status: "ok" };
  if (typeof signs === "string") {
    const detail = signs === "slow" ? "does not answer in time" : "is not reachable";
    return { status: "down", components: [web, { name: "database", status: "down", detail }] };
  }
  const components: Component[] = [web, { name: "database", status: "ok" }, componentOf("worker", signs)];
  if (isEmbeddedCollector()) components.push(componentOf("collector", signs));
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

/** One question at a time: probes of a hanging database do not pile up in the pool. */
function askDatabase(): Promise<Signs | "unreachable"> {
  pending ??= findLastSigns()
    .catch(() => "unreachable" as const)
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
  return last.ageMs > SILENT_AFTER_MS
    ? { name, status: "degraded", detail: "says nothing", seenAt }
    : { name, status: "ok", seenAt };
}

function isEmbeddedCollector(): boolean {
  const { JAEGER_URL, JAEGER_API_PORT } = env();
  return JAEGER_URL === undefined || JAEGER_URL === `http://127.0.0.1:${JAEGER_API_PORT}`;
}
