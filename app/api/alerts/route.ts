import { alertsReplySchema } from "@/features/console/contract";
import { readAlerts } from "@/features/console/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "What people have to hear of, newest first, and where it was delivered",
  allow: "console.read",
  reply: alertsReplySchema,
  handle: ({ viewer }) => readAlerts(viewer),
});
