import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { readForPage } from "@/server/http/read-for-page";
import { isAllowed, type Permission, type Viewer } from "./permissions";
import { viewerOf } from "./viewer";

/**
 * Who opens a page, told beside its data as in every route. Who is not signed in goes to the sign-in; who is, and may not
 * see it, gets the status of a page that is not there.
 */
export async function requireForPage(permission: Permission): Promise<Viewer> {
  const viewer = await readForPage(async () => viewerOf({ headers: await headers() }));
  if (isAllowed(viewer, permission)) return viewer;
  redirect((viewer.role === "anonymous" ? "/sign-in" : "/") as Route);
}
