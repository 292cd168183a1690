import { runParamsSchema, runPeopleSchema, runPresenceSchema } from "@/features/runbooks/contract";
import { noteRunPresence } from "@/features/runbooks/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "Say that one follows a run, and hear who else does",
  allow: "runs.write",
  params: runParamsSchema,
  body: runPresenceSchema,
  reply: runPeopleSchema,
  handle: ({ params, body, viewer }) => noteRunPresence(params.id, body, viewer),
});
