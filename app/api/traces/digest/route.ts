import { digestQuerySchema, digestReplySchema } from "@/features/traces/contract";
import { getTraceDigest } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "What all traces of a window say together, over time and per root operation",
  allow: "traces.read",
  query: digestQuerySchema,
  reply: digestReplySchema,
  handle: ({ query, signal }) => getTraceDigest(query, signal),
});
