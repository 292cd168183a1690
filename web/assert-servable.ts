import type { IncomingMessage } from "node:http";
import { AppError } from "@/lib/errors";
import { assertDirect, assertOwnRequest } from "@/server/http/origin";

/** Refuses what no page or API of ours may see: foreign hosts and origins, proxies in front, targets that are no path. */
export function assertServable(request: IncomingMessage): void {
  const target = request.url ?? "";
  if (!target.startsWith("/") || target.startsWith("//")) {
    throw new AppError("invalid_input", "The request target is not a path.");
  }
  const headers = toHeaders(request.rawHeaders);
  assertDirect(headers);
  assertOwnRequest({ method: request.method ?? "GET", headers });
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
