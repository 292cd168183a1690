import { AppError } from "@/lib/errors";
import { type Env, env } from "@/server/config/env";

/** Whether this console asks who somebody is. Without it only loopback is served, and whoever reaches it is `local`. */
export const isSignInOn = ({ OPS_AUTH }: Pick<Env, "OPS_AUTH"> = env()): boolean => OPS_AUTH !== undefined;

/** The origin people open: where cookies belong to, and the only one that may send what changes something. */
export const publicOrigin = ({ OPS_PUBLIC_ORIGIN, PORT }: Pick<Env, "OPS_PUBLIC_ORIGIN" | "PORT"> = env()): string =>
  OPS_PUBLIC_ORIGIN ?? `http://127.0.0.1:${PORT}`;

/** Whether people reach this console over TLS alone: then their browsers may be told to use nothing else. */
export const isPublicOverTls = (): boolean => isSignInOn() && publicOrigin().startsWith("https://");

/** A browser sends a `__Host-` cookie to this one host only, over TLS only; plain http is for loopback alone. */
export function sessionCookie(): { name: string; isSecure: boolean } {
  const isSecure = publicOrigin().startsWith("https://");
  return { name: isSecure ? "__Host-ops-session" : "ops-session", isSecure };
}

/** Refuses what only a console with sign-in can do. */
export function assertSignInOn(): void {
  if (isSignInOn()) return;
  throw new AppError("unsupported", "This console has no sign-in: it is open to this machine alone (docs/sign-in.md).");
}
