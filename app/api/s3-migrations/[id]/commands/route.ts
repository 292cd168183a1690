import { s3CommandSchema, s3MigrationIdSchema, s3MigrationSnapshotSchema } from "@/features/s3-migrations/contract";
import { sendCommand } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Start, pause, resume, cancel or retry a migration",
  allow: "s3-migrations.command",
  params: s3MigrationIdSchema,
  body: s3CommandSchema,
  reply: s3MigrationSnapshotSchema,
  handle: ({ params, body, viewer }) => sendCommand(params.id, body, viewer),
});
