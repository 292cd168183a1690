import { z } from "zod";
import { referencesQuerySchema, s3MigrationIdSchema } from "@/features/s3-migrations/contract";
import { writeS3References } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "SQL that moves an application's references to the proven objects, or takes them back",
  allow: "s3-migrations.read",
  params: s3MigrationIdSchema,
  query: referencesQuerySchema,
  reply: z.string(),
  handle: async ({ params, query }) =>
    new Response(await writeS3References(params.id, query), {
      headers: {
        "content-type": "application/sql; charset=utf-8",
        "content-disposition": `attachment; filename="references-${query.kind}-${query.file}.sql"`,
        "cache-control": "no-store",
      },
    }),
});
