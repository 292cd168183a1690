import { MS_PER_SECOND } from "@/lib/units";
import type { JaegerHttp } from "./jaeger-http";
import { assertGood, isJson, type JaegerReply } from "./jaeger-reply";

export type JaegerCapabilities = {
  /** `/api/v3/trace-summaries` is there (Jaeger 2.19 and later). */
  summaries: boolean;
  /** `/api/v3/services`, `/operations` and `/traces/{id}` are there (all of Jaeger 2, not its lookalikes). */
  v3Reads: boolean;
};

/**
 * Finds out what a Jaeger can do by what it answers: JSON means the endpoint exists. Versions up to 2.15 answer unknown
 * paths with their UI (200, HTML), later ones with 404 and plain text. Rejects when Jaeger answers neither way.
 */
export async function probeJaeger(http: JaegerHttp, nowMs: number): Promise<JaegerCapabilities> {
  const summaries = await http.get("/api/v3/trace-summaries", oneSecond(nowMs));
  if (exists(summaries)) return { summaries: true, v3Reads: true };
  const services = await http.get("/api/v3/services", new URLSearchParams());
  return { summaries: false, v3Reads: exists(services) };
}

function exists(reply: JaegerReply): boolean {
  // A 400 in JSON is the endpoint speaking: the storage needs a service name.
  if (isJson(reply) && (reply.status === 200 || reply.status === 400)) return true;
  const isUnknownPath = reply.status === 404 || (reply.status === 200 && reply.contentType === "text/html");
  if (!isUnknownPath) assertGood(reply, "the first look");
  return false;
}

function oneSecond(nowMs: number): URLSearchParams {
  return new URLSearchParams({
    "query.startTimeMin": new Date(nowMs - MS_PER_SECOND).toISOString(),
    "query.startTimeMax": new Date(nowMs).toISOString(),
    "query.searchDepth": "1",
  });
}
