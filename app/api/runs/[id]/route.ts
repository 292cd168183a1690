import { runDetailSchema, runParamsSchema } from "@/features/runbooks/contract";
import { getRun } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "One run with its history",
  allow: "runbooks.read",
  params: runParamsSchema,
  reply: runDetailSchema,
  handle: ({ params }) => getRun(params.id),
});
