import {
  answerPut,
  authenticateJob,
  createReportedSchema,
  jobOf,
  reportedReplySchema,
  reportParamsSchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const PUT = route({
  summary: "Make a migration that a job reports (201), or declare more of it (200)",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: reportParamsSchema,
  ownBody: createReportedSchema,
  reply: reportedReplySchema,
  handle: ({ request, viewer }) => answerPut(request, jobOf(viewer)),
});
