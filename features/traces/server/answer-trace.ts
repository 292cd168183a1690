import type { TraceReply } from "@/features/traces/contract";
import { BODY_ENCODING_HEADER } from "@/server/http/body-headers";
import type { OpenTrace } from "./open-trace";
import { runTask } from "./threads/run-task";
import type { Opened } from "./trace-library";

type Answer = { key: string; body: Uint8Array };

/** The last answer for each trace: opening it again, or a second reader, costs no second packing. */
const answers = new WeakMap<OpenTrace["skeleton"], Answer>();

/** A whole trace as a response: JSON, gzip where the caller takes it. */
export async function answerTrace({ trace, origin, expectedSpanCount }: Opened, request: Request): Promise<Response> {
  const isPacked = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  const head: Omit<TraceReply, "columns"> = {
    traceId: trace.traceId,
    version: trace.version,
    facts: { ...trace.facts, expectedSpanCount },
    origin,
  };
  const key = JSON.stringify([isPacked, head]);
  const held = answers.get(trace.skeleton);
  const body = held?.key === key ? held.body : await runTask("reply", trace, { head, isPacked }, request.signal);
  answers.set(trace.skeleton, { key, body });
  return new Response(new Uint8Array(body), {
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      vary: "accept-encoding",
      ...(isPacked ? { [BODY_ENCODING_HEADER]: "gzip" } : {}),
    },
  });
}
