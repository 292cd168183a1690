import { attributeMatchesQuerySchema, attributeMatchesSchema, traceParamsSchema } from "@/features/traces/contract";
import { getAttributeMatches } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Which spans of a trace have an attribute",
  allow: "traces.read",
  params: traceParamsSchema,
  query: attributeMatchesQuerySchema,
  reply: attributeMatchesSchema,
  handle: ({ params, query, signal }) => getAttributeMatches({ ...params, ...query }, signal),
});
