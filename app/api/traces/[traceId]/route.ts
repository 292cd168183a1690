import { traceParamsSchema, traceReplySchema } from "@/features/traces/contract";
import { getTraceResponse } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "A whole trace as columns",
  allow: "traces.read",
  params: traceParamsSchema,
  reply: traceReplySchema,
  handle: ({ params, request }) => getTraceResponse(params.traceId, request),
});
