import * as z from "zod/mini";
import { reportQuerySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { answerS3Report } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "A report to keep: HTML, CSV, JSON, or a signed manifest",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: reportQuerySchema,
  reply: z.unknown(),
  handle: ({ params, query }) => answerS3Report(params.id, query.format, query.as),
});
