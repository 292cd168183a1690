/** The longest name a person may give for themself. */
export const MAX_NAME_LENGTH = 60;

/** The name of whoever has not given one: the local person. */
export const LOCAL_NAME = "local";

const COOKIE = "ops-name";
const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Remembers a person's name in this browser, as `Set-Cookie` or for `document.cookie`; an empty name forgets it. Pages
 * may read it: it is a signature beside ticks, never an authorisation.
 */
export function nameCookie(name: string): string {
  const kept = name.trim().slice(0, MAX_NAME_LENGTH);
  return `${COOKIE}=${encodeURIComponent(kept)}; Path=/; Max-Age=${kept === "" ? 0 : ONE_YEAR_SECONDS}; SameSite=Strict`;
}

/** The name in a `Cookie` header or in `document.cookie`; "" without one, or when its encoding is broken. */
export function nameIn(cookies: string): string {
  const pair = cookies.split(/;\s*/).find((text) => text.startsWith(`${COOKIE}=`));
  try {
    return decodeURIComponent(pair?.slice(COOKIE.length + 1) ?? "")
      .trim()
      .slice(0, MAX_NAME_LENGTH);
  } catch {
    return "";
  }
}

/** How a name is shown to others. */
export const toShownName = (name: string): string => (name === LOCAL_NAME ? "This machine" : name);
