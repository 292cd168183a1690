import { appendedRunEventSchema, appendRunEventSchema, runParamsSchema } from "@/features/runbooks/contract";
import { appendRunEvent, watchRun } from "@/features/runbooks/server";
import { eventStreamRoute, route } from "@/server/http/route";

export const GET = eventStreamRoute({
  allow: "runbooks.read",
  params: runParamsSchema,
  events: ({ params, lastEventId, signal }) => watchRun(params.id, { lastEventId, signal }),
});

export const POST = route({
  allow: "runs.write",
  params: runParamsSchema,
  body: appendRunEventSchema,
  reply: appendedRunEventSchema,
  handle: async ({ params, body, viewer }) => ({ event: await appendRunEvent(params.id, body, viewer) }),
});
