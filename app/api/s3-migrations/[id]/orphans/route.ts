import { orphansQuerySchema, orphansReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { listS3Orphans } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Keys at the destination that the source does not have",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: orphansQuerySchema,
  reply: orphansReplySchema,
  handle: ({ params, query }) => listS3Orphans(params.id, query),
});
