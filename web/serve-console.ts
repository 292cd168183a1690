import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import next from "next";
import { AppError, codeOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { closeAllStreams } from "@/server/http/sse";
import { ownIdentity } from "@/server/processes/process-identity";
import { createDoor } from "./create-door";
import { isMissingPage } from "./is-missing-page";
import { needsSignIn } from "./needs-sign-in";

const CLOSE_TIMEOUT_MS = 3000;

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
  await quietly(() => app.prepare());
  const server = createDoor(app.getRequestHandler(), isMissingPage, needsSignIn);
  await listen(server, { host: HOST, port: PORT });
  onReady();
  if (!signal.aborted) await once(signal, "abort");
  await close(server);
  await app.close();
  release();
}

/**
 * Next says on stdout how long it took to read its settings; the terminal is for the person, the log for JSON. `quiet` does
 * not silence that line, and Next has neither a logger to give it nor a level to set. Muting is safe here and nowhere else:
 * nothing is served yet, our own log writes to stdout past the console, and warnings and errors of Next still come through.
 */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = () => {};
  try {
    await work();
  } finally {
    console.log = log;
  }
}

async function listen(server: http.Server, { host, port }: { host: string; port: number }): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    if (codeOf(cause) !== "EADDRINUSE") throw cause;
    throw new AppError(
      "conflict",
      `Another program listens on port ${port}. Stop it, or choose another: PORT=${port + 1}`,
      { cause },
    );
  }
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

/**
 * Tells scripts/build.mjs that this build is in use, so that nobody builds over it. A checkout of another user, or a
 * read-only one, cannot be marked: whoever owns it must know that a console runs from it.
 */
function markServing(distDir: string): () => void {
  const file = path.join(distDir, `serving-${process.pid}.lock`);
  try {
    fs.writeFileSync(file, JSON.stringify(ownIdentity()));
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(codeOf(error) ?? "")) throw error;
    return () => {};
  }
  return () => fs.rmSync(file, { force: true });
}
