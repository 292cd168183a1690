import { type NextRequest, NextResponse } from "next/server";

/**
 * Gives each page its Content-Security-Policy with a fresh nonce, on the request too: Next puts the nonce it finds there
 * on its own scripts. Nothing is authorised here (docs/threats.md): every route does that beside the data.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Style attributes hold positions and sizes computed from data; they cannot run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Not the API: Next would hold its request bodies in memory for the proxy. */
export const config = { matcher: ["/((?!api/|_next/static/).*)"] };
