import { changePersonSchema, personParamsSchema, personSchema } from "@/features/access/contract";
import { changePerson } from "@/features/access/server";
import { route } from "@/server/http/route";

export const PATCH = route({
  summary: "Change somebody's role, or keep them out",
  allow: "people.manage",
  params: personParamsSchema,
  body: changePersonSchema,
  reply: personSchema,
  handle: ({ params, body, viewer }) => changePerson(params.id, body, viewer),
});
