import { NAME_COOKIE } from "@/server/auth/viewer";

const ONE_YEAR_SECONDS = 31_536_000;

/** The `Set-Cookie` value that remembers a person's name in this browser; an empty name forgets it. */
export function nameCookie(name: string): string {
  const age = name === "" ? 0 : ONE_YEAR_SECONDS;
  return `${NAME_COOKIE}=${encodeURIComponent(name)}; Path=/; Max-Age=${age}; SameSite=Strict; HttpOnly`;
}
