import {
  answerStream,
  authenticateJob,
  jobOf,
  streamParamsSchema,
  streamReplySchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Where a writer stands, to go on after a crash",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: streamParamsSchema,
  reply: streamReplySchema,
  handle: ({ params, viewer }) => answerStream(params.stream, jobOf(viewer)),
});
