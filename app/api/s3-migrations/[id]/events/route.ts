import { s3MigrationIdSchema, s3MigrationSnapshotSchema } from "@/features/s3-migrations/contract";
import { watchS3Migration } from "@/features/s3-migrations/server";
import { eventStreamRoute } from "@/server/http/route";

export const GET = eventStreamRoute({
  summary: "A migration as it changes",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  streams: { snapshot: s3MigrationSnapshotSchema },
  events: ({ params, lastEventId, signal }) => watchS3Migration(params.id, { lastEventId, signal }),
});
