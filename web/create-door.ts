import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, codeOf } from "@/lib/errors";
import { isPublicOverTls } from "@/server/auth/sign-in-settings";
import { keepBodyHeaders } from "@/server/http/body-headers";
import { problemOfStatus, toProblem } from "@/server/http/problem";
import { allowedMethods, assertServable } from "./assert-servable";
import { answerBareErrors } from "./bare-errors";
import { StreamLimit } from "./stream-limit";

/** Headers of every answer, static files included; pages add their Content-Security-Policy in proxy.ts. */
const HEADERS: Record<string, string> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** What the HTTP parser refuses before there is a request, by its code; everything else is a 400. */
const PARSER_STATUS: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
type NeedsSignIn = (request: IncomingMessage, pathname: string) => Promise<boolean>;
type IsMissing = (pathname: string) => Promise<boolean>;

/**
 * The server in front of Next: limits and the Host and Origin rules hold before any routing, for every path, and every
 * refusal says why as `application/problem+json`, even that of a request nobody could read. A page of something that
 * `isMissing` is shown as it is, with the status 404.
 */
export function createDoor(
  handle: Handle,
  isMissing: IsMissing = async () => false,
  needsSignIn: NeedsSignIn = async () => false,
): http.Server {
  const limit = new StreamLimit();
  const answering = new WeakSet<Duplex>();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const pathname = pageOf(request);
    if (pathname !== undefined && (await needsSignIn(request, pathname))) {
      sendToSignIn(request, response);
      return;
    }
    if (pathname !== undefined && (await isMissing(pathname))) answerAsMissing(response);
    await handle(request, response);
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    answering.add(socket);
    response.once("close", () => answering.delete(socket));
    keepBodyHeaders(response);
    answerBareErrors(response);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (isPublicOverTls()) response.setHeader("strict-transport-security", "max-age=31536000");
    if (request.url?.startsWith("/api/")) response.setHeader("content-security-policy", API_CONTENT_POLICY);
    try {
      assertServable(request);
      limit.admit(request, response);
    } catch (error) {
      refuse(request, response, error);
      return;
    }
    serve(request, response).catch((error: unknown) => refuse(request, response, error));
  };
  // A missing Host is refused by our own rule, with a reason.
  const server = http.createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, requireHostHeader: false },
    answer,
  );
  server.maxConnections = 5000;
  server.on("checkExpectation", answer);
  server.on("upgrade", (_request, socket) =>
    refuseConnection(socket, 400, "The console switches to no other protocol."),
  );
  server.on("connect", (_request, socket) => refuseConnection(socket, 405, "The console is no proxy."));
  server.on("clientError", (error, socket) => {
    // Text put into an answer under way would be taken for a part of it.
    if (!socket.writable || answering.has(socket)) socket.destroy();
    else refuseConnection(socket, PARSER_STATUS[codeOf(error) ?? ""] ?? 400, "The request cannot be read.");
  });
  return server;
}

/** The path of a page that is opened afresh. The router asks for parts of pages, and draws what it gets whatever the status. */
function pageOf({ url = "/", headers }: IncomingMessage): string | undefined {
  if (headers.rsc !== undefined || /^\/(?:api|_next)(?:[/?]|$)/.test(url)) return undefined;
  return url.replace(/[?#].*$/s, "");
}

/** The page itself would say so too, but after its first bytes: then a status cannot tell any more. */
function sendToSignIn({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const to = new URLSearchParams({ to: url });
  response.writeHead(303, { location: `/sign-in?${to}`, "cache-control": "no-store", "content-length": 0 }).end();
}

/** Next writes 200 on a page that it begins to send before it knows what is on it. */
function answerAsMissing(response: ServerResponse): void {
  const { writeHead } = response;
  const send = (status: number, ...rest: unknown[]) =>
    Reflect.apply(writeHead, response, [status === 200 ? 404 : status, ...rest]);
  Object.assign(response, { writeHead: send });
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { problem, headers } = toProblem(error);
  const body = Buffer.from(JSON.stringify(problem));
  response.writeHead(problem.status, {
    ...headers,
    ...(error instanceof AppError &&
      error.code === "method_not_allowed" && { allow: allowedMethods(request).join(", ") }),
    "content-type": "application/problem+json",
    "content-length": body.length,
    "cache-control": "no-store",
    // The rest of a refused request is not worth reading.
    connection: "close",
  });
  response.end(body);
}

/** A refusal where there is no response to write it on. */
function refuseConnection(socket: Duplex, status: number, detail: string): void {
  const body = JSON.stringify(problemOfStatus(status, detail));
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
