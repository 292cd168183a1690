import { planReplySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { getS3Plan } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "The sealed plan of a migration: counts, sizes, collisions",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  reply: planReplySchema,
  handle: ({ params }) => getS3Plan(params.id),
});
