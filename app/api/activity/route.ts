import { activityQuerySchema, activityReplySchema } from "@/features/console/contract";
import { listActivity } from "@/features/console/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "What people and the console did, newest first",
  allow: "console.read",
  query: activityQuerySchema,
  reply: activityReplySchema,
  handle: ({ query }) => listActivity(query),
});
