import { runbookListSchema, runbookQuerySchema } from "@/features/runbooks/contract";
import { listRunbooks } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Runbooks and their sources",
  allow: "runbooks.read",
  query: runbookQuerySchema,
  reply: runbookListSchema,
  handle: ({ query }) => listRunbooks(query),
});
