import { objectsQuerySchema, objectsReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { listS3Objects } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Objects of a migration in key order, by prefix, text, state and tier",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: objectsQuerySchema,
  reply: objectsReplySchema,
  handle: ({ params, query }) => listS3Objects(params.id, query),
});
