import { matchingRunbooksSchema, runbookAimSchema } from "@/features/runbooks/contract";
import { matchRunbooks } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Runbooks that fit a service, an operation or a finding",
  allow: "runbooks.read",
  query: runbookAimSchema,
  reply: matchingRunbooksSchema,
  handle: ({ query }) => matchRunbooks(query),
});
