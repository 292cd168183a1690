import { findingsQuerySchema, findingsReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { listS3Findings } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Types, headers and metadata that are not as the source told them",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: findingsQuerySchema,
  reply: findingsReplySchema,
  handle: ({ params, query }) => listS3Findings(params.id, query),
});
