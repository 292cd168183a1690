import { s3MigrationDetailSchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { getS3Migration } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "One migration in full",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  reply: s3MigrationDetailSchema,
  handle: ({ params }) => getS3Migration(params.id),
});
