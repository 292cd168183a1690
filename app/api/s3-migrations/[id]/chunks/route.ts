import { chunksQuerySchema, chunksReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { listS3Chunks } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Chunks of a migration, in buckets",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: chunksQuerySchema,
  reply: chunksReplySchema,
  handle: ({ params, query }) => listS3Chunks(params.id, query.buckets),
});
