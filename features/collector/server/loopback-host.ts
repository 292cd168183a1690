import type { IncomingMessage } from "node:http";

const LOOPBACK_ADDRESSES = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * Whether a request meant this server. Bound to loopback, only loopback names with our port do: a web page whose name
 * was made to point at 127.0.0.1 sends its own name. Bound to a network, the name is the operator's choice.
 */
export function isOwnHost(request: IncomingMessage, boundHost: string): boolean {
  if (!LOOPBACK_ADDRESSES.has(boundHost)) return true;
  const port = request.socket.localPort;
  const host = request.headers.host ?? "";
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host);
}
