import {
  answerOpen,
  authenticateJob,
  jobOf,
  openStreamSchema,
  reportParamsSchema,
  streamReplySchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Open a writer of reports; its next epoch shuts the one before out",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: reportParamsSchema,
  ownBody: openStreamSchema,
  reply: streamReplySchema,
  handle: ({ request, viewer }) => answerOpen(request, jobOf(viewer)),
});
