import { failuresQuerySchema, failuresReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { listS3Failures } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Objects that failed, by cause",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: failuresQuerySchema,
  reply: failuresReplySchema,
  handle: ({ params, query }) => listS3Failures(params.id, query),
});
