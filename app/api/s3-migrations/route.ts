import {
  createS3MigrationSchema,
  s3MigrationListSchema,
  s3MigrationSnapshotSchema,
} from "@/features/s3-migrations/contract";
import { createS3Migration, listS3Migrations } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "All migrations, newest first",
  allow: "s3-migrations.read",
  reply: s3MigrationListSchema,
  handle: async () => ({ migrations: await listS3Migrations() }),
});

export const POST = route({
  summary: "Plan a migration",
  allow: "s3-migrations.define",
  body: createS3MigrationSchema,
  reply: s3MigrationSnapshotSchema,
  status: 201,
  handle: ({ body, viewer }) => createS3Migration(body, viewer),
});
