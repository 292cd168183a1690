import { traceParamsSchema, usualReplySchema } from "@/features/traces/contract";
import { getUsualResponse } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "What is usual of each step of a trace",
  allow: "traces.read",
  params: traceParamsSchema,
  reply: usualReplySchema,
  handle: ({ params, request }) => getUsualResponse(params.traceId, request),
});
