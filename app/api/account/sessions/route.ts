import { sessionListSchema } from "@/features/access/contract";
import { readSessions } from "@/features/access/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "One's own open sessions",
  allow: "account.manage",
  reply: sessionListSchema,
  handle: ({ viewer }) => readSessions(viewer),
});
