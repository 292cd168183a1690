import { findingsReplySchema, traceParamsSchema } from "@/features/traces/contract";
import { getFindingsResponse } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  allow: "traces.read",
  params: traceParamsSchema,
  reply: findingsReplySchema,
  handle: ({ params, request }) => getFindingsResponse(params.traceId, request),
});
