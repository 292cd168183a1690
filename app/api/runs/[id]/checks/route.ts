import { runChecksSchema, runParamsSchema } from "@/features/runbooks/contract";
import { readRunChecks } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "What the checks of a run found",
  allow: "runbooks.read",
  params: runParamsSchema,
  reply: runChecksSchema,
  handle: ({ params }) => readRunChecks(params.id),
});
