import { traceSearchReplySchema, traceSearchSchema } from "@/features/traces/contract";
import { searchTraces } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Search for traces",
  allow: "traces.read",
  query: traceSearchSchema,
  reply: traceSearchReplySchema,
  handle: ({ query, signal }) => searchTraces(query, signal),
});
