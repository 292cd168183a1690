import { sessionCookie } from "./sign-in-settings";

/** The token in a `Cookie` header; its signature, which better-auth adds, is not needed: tokens are looked up by hash. */
export function sessionTokenIn(cookies: string): string | undefined {
  const { name } = sessionCookie();
  const pair = cookies.split(/;\s*/).find((text) => text.startsWith(`${name}=`));
  const [token = ""] = (pair ?? "").slice(name.length + 1).split(".");
  return /^[A-Za-z0-9_-]{24,128}$/.test(token) ? token : undefined;
}

/** Takes the session from this browser. */
export function expiredSessionCookie(): string {
  const { name, isSecure } = sessionCookie();
  return `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}
