import {
  answerComplete,
  authenticateJob,
  completeReplySchema,
  completeSchema,
  jobOf,
  reportParamsSchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "End a report, when the job's own counts are what arrived",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: reportParamsSchema,
  ownBody: completeSchema,
  reply: completeReplySchema,
  handle: ({ request, viewer }) => answerComplete(request, jobOf(viewer)),
});
