import { compareQuerySchema, compareReplySchema } from "@/features/traces/contract";
import { compareResponse } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Two traces, or two groups of traces, step by step",
  allow: "traces.read",
  query: compareQuerySchema,
  reply: compareReplySchema,
  handle: ({ query, request }) => compareResponse(query, request),
});
