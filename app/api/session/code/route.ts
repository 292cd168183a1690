import { doneSchema, signInWithCodeSchema } from "@/features/access/contract";
import { signInWithCode } from "@/server/auth/sign-in";
import { route } from "@/server/http/route";
import { withCookies } from "@/server/http/with-cookies";

export const POST = route({
  summary: "Choose a password with a one-time code, and sign in",
  allow: "session.open",
  body: signInWithCodeSchema,
  reply: doneSchema,
  handle: async ({ body, request }) => withCookies({ isDone: true }, await signInWithCode(body, request)),
});
