import { similarCallsSchema, spanParamsSchema, spanQuerySchema } from "@/features/traces/contract";
import { getSimilarCalls } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "How a span's attributes compare with those of the similar calls beside it",
  allow: "traces.read",
  params: spanParamsSchema,
  query: spanQuerySchema,
  reply: similarCallsSchema,
  handle: ({ params, query, signal }) => getSimilarCalls({ ...params, ...query }, signal),
});
