import { cookieValue } from "@/server/http/cookie";
import type { Viewer } from "./permissions";

/** Cookie with the name a person gave for themself on this console; shown beside ticks, never an authorisation. */
export const NAME_COOKIE = "ops-name";

/**
 * Who sends this request. The console listens on loopback only (it refuses any other bind until sign-in exists),
 * so whoever reaches it is the local person; the name is theirs to choose.
 */
export function viewerOf(request: Request): Viewer {
  const name = cookieValue(request, NAME_COOKIE)?.trim().slice(0, 60);
  return { id: "local", name: name || "local", role: "local" };
}
