import { pointsQuerySchema, pointsReplySchema } from "@/features/traces/contract";
import { getTracePoints } from "@/features/traces/server";
import { route } from "@/server/http/route";

/** One point a trace, for plots. */
export const GET = route({
  summary: "Every trace of a window as a point",
  allow: "traces.read",
  query: pointsQuerySchema,
  reply: pointsReplySchema,
  handle: ({ query, signal }) => getTracePoints(query, signal),
});
