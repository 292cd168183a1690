import { completionsQuerySchema, completionsReplySchema } from "@/features/traces/contract";
import { getCompletions } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Services, operations, attribute keys and values that were seen",
  allow: "traces.read",
  query: completionsQuerySchema,
  reply: completionsReplySchema,
  handle: ({ query, signal }) => getCompletions(query, signal),
});
