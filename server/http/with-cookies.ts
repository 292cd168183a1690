/** A JSON answer that sets cookies; never cached. */
export function withCookies(reply: unknown, cookies: readonly string[]): Response {
  const response = Response.json(reply, { headers: { "cache-control": "no-store" } });
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}
