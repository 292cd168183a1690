import { factsQuerySchema, factsReplySchema } from "@/features/traces/contract";
import { getTraceFacts } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  allow: "traces.read",
  query: factsQuerySchema,
  reply: factsReplySchema,
  handle: ({ query, signal }) => getTraceFacts(query, signal),
});
