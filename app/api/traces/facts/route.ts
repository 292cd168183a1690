import { factsQuerySchema, factsReplySchema } from "@/features/traces/contract";
import { getTraceFacts } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Totals, histogram, rate and pages over every trace that was read of a window",
  allow: "traces.read",
  query: factsQuerySchema,
  reply: factsReplySchema,
  handle: ({ query, signal }) => getTraceFacts(query, signal),
});
