import { LOCAL_NAME, nameIn } from "@/lib/viewer-name";
import type { Viewer } from "./permissions";

/**
 * Who sends this request. The console listens on loopback only (it refuses any other bind until sign-in exists),
 * so whoever reaches it is the local person; the name is theirs to choose.
 */
export function viewerOf(request: Request): Viewer {
  return { id: "local", name: nameIn(request.headers.get("cookie") ?? "") || LOCAL_NAME, role: "local" };
}
