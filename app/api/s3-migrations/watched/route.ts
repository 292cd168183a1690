import { s3MigrationSnapshotSchema, watchTaskSchema } from "@/features/s3-migrations/contract";
import { watchTask } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Show a task of the gem maintenance_tasks, read from its own table",
  allow: "s3-migrations.define",
  body: watchTaskSchema,
  reply: s3MigrationSnapshotSchema,
  status: 201,
  handle: ({ body, viewer }) => watchTask(body, viewer),
});
