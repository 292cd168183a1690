import { s3MigrationIdSchema, uploadsReplySchema } from "@/features/s3-migrations/contract";
import { listS3Uploads } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Uploads in parts that are open: this migration's, and others' under the same prefix",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  reply: uploadsReplySchema,
  handle: ({ params }) => listS3Uploads(params.id),
});
