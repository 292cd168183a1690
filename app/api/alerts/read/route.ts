import { alertsReplySchema, markReadSchema } from "@/features/console/contract";
import { markAlertsRead } from "@/features/console/server";
import { route } from "@/server/http/route";

export const PUT = route({
  summary: "Mark alerts as read by you, up to one of them",
  allow: "console.read",
  body: markReadSchema,
  reply: alertsReplySchema,
  handle: ({ body, viewer }) => markAlertsRead(body.upTo, viewer),
});
