import { doneSchema, sessionReplySchema, signInSchema } from "@/features/access/contract";
import { endOwnSession, readSession } from "@/features/access/server";
import { expiredSessionCookie } from "@/server/auth/session-cookie";
import { signIn } from "@/server/auth/sign-in";
import { route } from "@/server/http/route";
import { withCookies } from "@/server/http/with-cookies";

export const GET = route({
  summary: "Whether this console asks who one is, and who one is",
  allow: "session.open",
  reply: sessionReplySchema,
  handle: async ({ viewer }) => readSession(viewer),
});

export const POST = route({
  summary: "Sign in with e-mail and password",
  allow: "session.open",
  body: signInSchema,
  reply: doneSchema,
  handle: async ({ body, request }) => withCookies({ isDone: true }, await signIn(body, request)),
});

export const DELETE = route({
  summary: "Sign out",
  allow: "session.open",
  reply: doneSchema,
  handle: async ({ viewer }) => {
    if (viewer.session !== undefined) await endOwnSession(viewer, viewer.session.id);
    return withCookies({ isDone: true }, [expiredSessionCookie()]);
  },
});
