import { serviceMapQuerySchema, serviceMapReplySchema } from "@/features/traces/contract";
import { getMap } from "@/features/traces/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Which service calls which",
  allow: "traces.read",
  query: serviceMapQuerySchema,
  reply: serviceMapReplySchema,
  handle: ({ query, signal }) => getMap(query, signal),
});
