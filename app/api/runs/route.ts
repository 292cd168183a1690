import { runListSchema, runQuerySchema, runStartedSchema, startRunSchema } from "@/features/runbooks/contract";
import { listRuns, startRun } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Runs, newest first",
  allow: "runbooks.read",
  query: runQuerySchema,
  reply: runListSchema,
  handle: ({ query }) => listRuns(query),
});

export const POST = route({
  summary: "Start a run of a runbook",
  allow: "runs.write",
  body: startRunSchema,
  reply: runStartedSchema,
  status: 201,
  handle: async ({ body, viewer }) => ({ run: await startRun(body, viewer) }),
});
