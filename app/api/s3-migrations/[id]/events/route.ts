import { s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { watchS3Migration } from "@/features/s3-migrations/server";
import { eventStreamRoute } from "@/server/http/route";

export const GET = eventStreamRoute({
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  events: ({ params, lastEventId, signal }) => watchS3Migration(params.id, { lastEventId, signal }),
});
