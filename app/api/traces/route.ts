import { traceSearchReplySchema, traceSearchSchema } from "@/features/traces/contract";
import { searchTraces } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  allow: "traces.read",
  query: traceSearchSchema,
  reply: traceSearchReplySchema,
  handle: ({ query, signal }) => searchTraces(query, signal),
});
