import type { IncomingMessage } from "node:http";
import { AppError } from "@/lib/errors";
import { CLIENT_HEADER, clientAddress, FORWARDING_HEADERS } from "@/server/http/client-address";
import { assertDirect, assertOwnRequest } from "@/server/http/origin";

const PAGE_METHODS = ["GET", "HEAD"];
const API_METHODS = [...PAGE_METHODS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What a request to this path may do at all: pages are only read. */
export function allowedMethods({ url = "" }: IncomingMessage): string[] {
  return /^\/api(?:[/?]|$)/.test(url) ? API_METHODS : PAGE_METHODS;
}

/** Refuses what no page or API of ours may see: foreign hosts and origins, proxies in front, targets that are no path, odd methods. */
export function assertServable(request: IncomingMessage): void {
  const target = request.url ?? "";
  if (!target.startsWith("/") || target.startsWith("//")) {
    throw new AppError("invalid_input", "The request target is not a path.");
  }
  assertDecodable(target);
  const headers = toHeaders(request.rawHeaders);
  const peer = request.socket.remoteAddress ?? "";
  assertDirect(headers, peer);
  const method = request.method ?? "GET";
  assertOwnRequest({ method, headers });
  if (!allowedMethods(request).includes(method)) {
    throw new AppError("method_not_allowed", `${method} is not possible here.`);
  }
  sayClient(request, clientAddress(peer, headers));
}

/** What is behind the door learns the address of who asks under a name that nobody else can write. */
function sayClient(request: IncomingMessage, address: string): void {
  for (const name of FORWARDING_HEADERS) delete request.headers[name];
  request.headers[CLIENT_HEADER] = address;
}

/** Next fails on a malformed escape only after it has chosen a route, with a 500. */
function assertDecodable(target: string): void {
  try {
    decodeURIComponent(target.replace(/[?#].*$/s, ""));
  } catch (cause) {
    throw new AppError("invalid_input", "The address has a malformed percent escape.", { cause });
  }
}

/** Repeated headers join, so that a second Host or Origin never hides behind the first. */
function toHeaders(raw: string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    try {
      headers.append(raw[at] ?? "", raw[at + 1] ?? "");
    } catch (cause) {
      throw new AppError("invalid_input", "A request header is not valid.", { cause });
    }
  }
  return headers;
}
