import { criticalPathQuerySchema, criticalPathReplySchema } from "@/features/traces/contract";
import { getCriticalPaths } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Where the time of many traces goes",
  allow: "traces.read",
  query: criticalPathQuerySchema,
  reply: criticalPathReplySchema,
  handle: ({ query, signal }) => getCriticalPaths(query, signal),
});
