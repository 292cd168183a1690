import { receiversReplySchema } from "@/features/console/contract";
import { sendTestAlert } from "@/features/console/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Raise an alert that only tests whether alerts come through",
  allow: "s3-migrations.command",
  reply: receiversReplySchema,
  handle: ({ viewer }) => sendTestAlert(viewer.name),
});
