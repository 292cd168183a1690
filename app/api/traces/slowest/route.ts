import { slowestEventSchemas, slowestQuerySchema, slowestResultSchema } from "@/features/traces/contract";
import { findSlowest, watchSlowest } from "@/features/traces/server";
import { route } from "@/server/http/route";
import { sseResponse } from "@/server/http/sse";

/** A stream of progress and the result; with `Accept: application/json` the result alone. */
export const GET = route({
  summary: "The traces with most of something, and whether that is proven",
  allow: "traces.read",
  query: slowestQuerySchema,
  reply: slowestResultSchema,
  streams: slowestEventSchemas,
  handle: async ({ query, signal, request }) => {
    const accept = request.headers.get("accept") ?? "";
    const isJson = accept.includes("application/json") && !accept.includes("text/event-stream");
    return isJson ? findSlowest(query, signal) : sseResponse(watchSlowest(query, signal), signal);
  },
});
