import { once } from "node:events";
import fs from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import next from "next";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { keepBodyEncoding } from "@/server/http/body-encoding";
import { toProblem } from "@/server/http/problem";
import { closeAllStreams } from "@/server/http/sse";
import { ownIdentity } from "@/server/processes/process-identity";
import { assertServable } from "./assert-servable";
import { StreamLimit } from "./stream-limit";

const CLOSE_TIMEOUT_MS = 3000;

/** Headers of every answer, static files included; pages add their Content-Security-Policy in proxy.ts. */
const HEADERS: Record<string, string> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};
const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Serves Next's production build behind our own door: limits and the Host and Origin rules hold before any routing, for
 * every path. Next's own server has no place for either.
 */
export async function serveConsole(signal: AbortSignal, onReady: () => void): Promise<void> {
  const { HOST, PORT, NEXT_DIST_DIR } = env();
  const release = markServing(NEXT_DIST_DIR);
  // Next attaches a WebSocket handler to the server it is given; this one never listens, ours refuses upgrades.
  const app = next({
    dev: false,
    dir: process.cwd(),
    hostname: HOST,
    port: PORT,
    quiet: true,
    httpServer: new http.Server(),
  });
  await app.prepare();
  const server = createServer(app.getRequestHandler());
  server.listen(PORT, HOST);
  await Promise.race([once(server, "listening"), failed(server)]);
  onReady();
  if (!signal.aborted) await once(signal, "abort");
  await close(server);
  await app.close();
  release();
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createServer(handle: Handle): http.Server {
  const limit = new StreamLimit();
  const server = http.createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    keepBodyEncoding(response);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.url?.startsWith("/api/")) response.setHeader("content-security-policy", API_CONTENT_POLICY);
    try {
      assertServable(request);
      limit.admit(request, response);
    } catch (error) {
      refuse(response, error);
      return;
    }
    handle(request, response).catch((error: unknown) => refuse(response, error));
  });
  server.maxConnections = 5000;
  server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"));
  return server;
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { problem, headers } = toProblem(error);
  response.writeHead(problem.status, {
    ...headers,
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    // The rest of a refused request is not worth reading.
    connection: "close",
  });
  response.end(JSON.stringify(problem));
}

async function failed(server: http.Server): Promise<never> {
  const [error] = (await once(server, "error")) as [NodeJS.ErrnoException];
  if (error.code !== "EADDRINUSE") throw error;
  const { PORT } = env();
  throw new AppError(
    "conflict",
    `Another program listens on port ${PORT}. Stop it, or choose another: PORT=${PORT + 1}`,
    { cause: error },
  );
}

/** Open event streams would hold the server for ever; what else is open gets a moment. */
async function close(server: http.Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closeAllStreams();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearTimeout(timer);
}

/** Tells scripts/build.mjs that this build is in use, so that nobody builds over it. */
function markServing(distDir: string): () => void {
  const file = path.join(distDir, `serving-${process.pid}.lock`);
  fs.writeFileSync(file, JSON.stringify(ownIdentity()));
  return () => fs.rmSync(file, { force: true });
}
