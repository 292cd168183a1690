import {
  createdTokenSchema,
  createTokenSchema,
  tokenListSchema,
  tokenQuerySchema,
} from "@/features/s3-migrations/contract";
import { createReportToken, listReportTokens } from "@/features/s3-migrations/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Tokens of jobs that report, without the tokens themselves",
  allow: "s3-migrations.read",
  query: tokenQuerySchema,
  reply: tokenListSchema,
  handle: async ({ query }) => ({ tokens: await listReportTokens(query.externalRef) }),
});

export const POST = route({
  summary: "Make a token for the job that reports a migration; it is told this once",
  allow: "s3-migrations.define",
  body: createTokenSchema,
  reply: createdTokenSchema,
  status: 201,
  handle: ({ body, viewer }) => createReportToken(body, viewer),
});
