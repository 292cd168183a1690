import { changePasswordSchema, doneSchema } from "@/features/access/contract";
import { toSessionPerson } from "@/features/access/server";
import { changePassword } from "@/server/auth/sign-in";
import { route } from "@/server/http/route";

export const PUT = route({
  summary: "Change one's own password; every other session ends",
  allow: "account.manage",
  body: changePasswordSchema,
  reply: doneSchema,
  handle: async ({ body, viewer, request }) => {
    await changePassword(toSessionPerson(viewer), body, request);
    return { isDone: true as const };
  },
});
