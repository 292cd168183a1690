import { AppError } from "@/lib/errors";
import { isSignInOn } from "@/server/auth/sign-in-settings";
import { env } from "@/server/config/env";
import { FORWARDING_HEADERS, isTrustedProxy } from "./client-address";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** The exact origins this console answers under: its own loopback names, or the configured ones. */
export function allowedOrigins(): string[] {
  const { PORT, OPS_ALLOWED_ORIGINS = [], OPS_PUBLIC_ORIGIN } = env();
  const own = LOOPBACK_NAMES.map((name) => `http://${name}:${PORT}`);
  return [...own, ...(OPS_PUBLIC_ORIGIN === undefined ? [] : [OPS_PUBLIC_ORIGIN]), ...OPS_ALLOWED_ORIGINS];
}

/**
 * Refuses a request that came through a reverse proxy: a console without login must not be published by accident. Only
 * the door (web/) can ask this, of the headers as they came: Next adds forwarding headers of its own behind it.
 */
export function assertDirect(headers: Headers, peer: string): void {
  if (isSignInOn()) {
    if (isTrustedProxy(peer) || !FORWARDING_HEADERS.some((name) => headers.has(name))) return;
    throw new AppError(
      "forbidden",
      "An unknown proxy stands in front of this console. Name it in OPS_TRUSTED_PROXIES.",
    );
  }
  if (headers.has("forwarded") || headers.has("x-forwarded-for") || headers.has("x-forwarded-host")) {
    throw new AppError(
      "forbidden",
      "A proxy stands in front of a console without login. Open it directly on this machine.",
    );
  }
}

/**
 * Refuses a request that was not meant for this console: a foreign `Host` (DNS rebinding), or a cross-site read or
 * write (CSRF, XSSI). Works on loopback too, since every web page in the reader's browser can reach it, as
 * Tailscale (CVE-2022-41924) and Vite (CVE-2025-24010) learned.
 */
export function assertOwnRequest(request: { method: string; headers: Headers }): void {
  const origins = allowedOrigins();
  const { headers } = request;
  const host = headers.get("host") ?? "";
  if (!origins.some((origin) => new URL(origin).host === host)) {
    throw new AppError("misdirected_host", `This console does not answer for the host "${host}".`);
  }
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin !== null && !origins.includes(origin)) {
    throw new AppError("forbidden", `Requests from "${origin}" are not allowed.`);
  }
  const isNavigation = headers.get("sec-fetch-mode") === "navigate" && request.method === "GET";
  if ((site === "cross-site" || site === "same-site") && !isNavigation) {
    throw new AppError("forbidden", "Other sites may not read or change this console.");
  }
  const isWrite = request.method !== "GET" && request.method !== "HEAD";
  if (isWrite && origin === null && site !== null && site !== "same-origin" && site !== "none") {
    throw new AppError("forbidden", "The request does not say where it comes from.");
  }
  // A browser says at least one of them. Whatever sends a session's cookie without may have been made to.
  if (isWrite && origin === null && site === null && isSignInOn() && headers.has("cookie")) {
    throw new AppError("forbidden", "The request does not say where it comes from.");
  }
}
