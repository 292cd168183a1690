import { exportedRunSchema, exportRunSchema, runParamsSchema } from "@/features/runbooks/contract";
import { downloadRun } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "The record of a run as Markdown, JSON or CSV",
  allow: "runbooks.read",
  params: runParamsSchema,
  query: exportRunSchema,
  reply: exportedRunSchema,
  handle: ({ params, query }) => downloadRun(params.id, query.format),
});
