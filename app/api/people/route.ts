import { invitePersonSchema, personListSchema, personWithCodeSchema } from "@/features/access/contract";
import { invitePerson, readPeople } from "@/features/access/server";
import { route } from "@/server/http/route";

export const GET = route({
  summary: "Everybody who may sign in",
  allow: "people.manage",
  reply: personListSchema,
  handle: readPeople,
});

export const POST = route({
  summary: "Invite somebody; the answer has a one-time code for their password",
  allow: "people.manage",
  body: invitePersonSchema,
  reply: personWithCodeSchema,
  status: 201,
  handle: ({ body, viewer }) => invitePerson(body, viewer),
});
