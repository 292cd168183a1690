import { personParamsSchema, personWithCodeSchema } from "@/features/access/contract";
import { renewCode } from "@/features/access/server";
import { route } from "@/server/http/route";

export const POST = route({
  summary: "A new one-time code for somebody's password; older ones are worth nothing",
  allow: "people.manage",
  params: personParamsSchema,
  reply: personWithCodeSchema,
  status: 201,
  handle: ({ params, viewer }) => renewCode(params.id, viewer),
});
