import {
  answerBatch,
  authenticateJob,
  batchDocumentSchema,
  batchReplySchema,
  jobOf,
  streamParamsSchema,
} from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Report up to 1,000 objects, whole or not at all; the same batch again changes nothing",
  allow: "s3-migrations.report",
  authenticate: authenticateJob,
  params: streamParamsSchema,
  ownBody: batchDocumentSchema,
  reply: batchReplySchema,
  handle: ({ request, params, viewer }) => answerBatch(request, params.stream, jobOf(viewer)),
});
