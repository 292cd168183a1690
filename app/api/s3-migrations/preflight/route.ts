import { preflightReplySchema, preflightSchema } from "@/features/s3-migrations/contract";
import { preflightS3Migration } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Look at source and destination before a migration is made",
  allow: "s3-migrations.define",
  body: preflightSchema,
  reply: preflightReplySchema,
  handle: ({ body, signal }) => preflightS3Migration(body, signal),
});
