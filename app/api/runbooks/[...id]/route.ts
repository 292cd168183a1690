import { runbookDetailSchema, runbookParamsSchema } from "@/features/runbooks/contract";
import { getRunbook } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "One runbook, rendered, with its steps",
  allow: "runbooks.read",
  params: runbookParamsSchema,
  reply: runbookDetailSchema,
  handle: ({ params }) => getRunbook(params.id.join("/")),
});
