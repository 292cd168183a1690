import {
  appendedRunEventSchema,
  appendRunEventSchema,
  runParamsSchema,
  runSnapshotSchema,
} from "@/features/runbooks/contract";
import { appendRunEvent, watchRun } from "@/features/runbooks/server";
import { eventStreamRoute, route } from "@/server/http/route";

export const GET = eventStreamRoute({
  summary: "A run as it changes",
  allow: "runbooks.read",
  params: runParamsSchema,
  streams: { snapshot: runSnapshotSchema },
  events: ({ params, lastEventId, signal }) => watchRun(params.id, { lastEventId, signal }),
});

export const POST = route({
  summary: "Tick, untick, skip, note, finish or abandon",
  allow: "runs.write",
  params: runParamsSchema,
  body: appendRunEventSchema,
  reply: appendedRunEventSchema,
  handle: async ({ params, body, viewer }) => ({ event: await appendRunEvent(params.id, body, viewer) }),
});
