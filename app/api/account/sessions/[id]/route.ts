import { doneSchema, sessionParamsSchema } from "@/features/access/contract";
import { endOwnSession } from "@/features/access/server";
import { route } from "@/server/http/route";

export const DELETE = route({
  summary: "End one of one's own sessions",
  allow: "account.manage",
  params: sessionParamsSchema,
  reply: doneSchema,
  handle: async ({ params, viewer }) => {
    await endOwnSession(viewer, params.id);
    return { isDone: true as const };
  },
});
