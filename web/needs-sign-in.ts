import type { IncomingMessage } from "node:http";
import { isSignInOn } from "@/server/auth/sign-in-settings";
import { personOf } from "@/server/auth/viewer";

/** Pages and files that are there for everybody; nothing in them is of this console's data. */
const OPEN = /^\/(?:sign-in|icon\.svg|favicon\.ico)$/;

/** Whether a page is opened by somebody who has no open session. A database that is away is left to the page to tell. */
export async function needsSignIn({ headers }: IncomingMessage, pathname: string): Promise<boolean> {
  if (!isSignInOn() || OPEN.test(pathname)) return false;
  try {
    return (await personOf(headers.cookie ?? "")) === undefined;
  } catch {
    return false;
  }
}
