import {
  answerHeartbeat,
  authenticateJob,
  heartbeatReplySchema,
  heartbeatSchema,
  jobOf,
  reportParamsSchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Say that a writer is alive; the answer says what people want of it",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: reportParamsSchema,
  ownBody: heartbeatSchema,
  reply: heartbeatReplySchema,
  handle: ({ request, viewer }) => answerHeartbeat(request, jobOf(viewer)),
});
