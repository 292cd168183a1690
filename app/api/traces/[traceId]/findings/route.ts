import { findingsReplySchema, traceParamsSchema } from "@/features/traces/contract";
import { getFindingsResponse } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Why a trace is slow: a verdict that adds up, and its findings",
  allow: "traces.read",
  params: traceParamsSchema,
  reply: findingsReplySchema,
  handle: ({ params, request }) => getFindingsResponse(params.traceId, request),
});
