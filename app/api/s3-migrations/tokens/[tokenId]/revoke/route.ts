import { reportTokenSchema, tokenIdSchema } from "@/features/s3-migrations/contract";
import { revokeReportToken } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Take a token back, at once",
  allow: "s3-migrations.define",
  params: tokenIdSchema,
  reply: reportTokenSchema,
  handle: ({ params, viewer }) => revokeReportToken(params.tokenId, viewer.name),
});
