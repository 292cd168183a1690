import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { log } from "@/server/log/log";
import { BucketCatalog } from "./bucket-catalog";
import { operationOf } from "./dispatch";
import { S3Error } from "./s3-error";
import { parseTarget, type S3Reply } from "./s3-request";
import { authenticate, type LocalS3Credentials } from "./sigv4";
import { xmlDocument } from "./xml";

/** Signs requests to a local server nobody else can reach; not a secret. */
export const LOCAL_S3_CREDENTIALS: LocalS3Credentials = {
  accessKeyId: "ops-console-local",
  secretAccessKey: "ops-console-local",
};

const LOOPBACK = "127.0.0.1";
const MAX_HEADER_BYTES = 32 * 1024;
const DRAIN_LIMIT_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 60_000;

export type LocalS3Options = {
  dataDir: string;
  /** 0 or none: any free port. */
  port?: number;
  region?: string;
  /** Buckets that exist from the start; those already there are left as they are. */
  buckets?: readonly string[];
  credentials?: readonly LocalS3Credentials[];
  /** The server's clock, for tests of expiry and skew. */
  now?: () => number;
};

export type LocalS3 = { endpoint: string; port: number; region: string; stop: () => Promise<void> };

type Service = {
  catalog: BucketCatalog;
  region: string;
  credentials: readonly LocalS3Credentials[];
  now: () => number;
};

async function answer(service: Service, message: IncomingMessage): Promise<S3Reply> {
  const nowMs = service.now();
  const target = parseTarget(message.method ?? "GET", message.url ?? "/");
  // Giving up on a body must not close the connection: the refusal still has to be read.
  const body: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  const request = { ...target, headers: message.headers, body };
  const auth = authenticate(request, service.credentials, service.region, nowMs);
  return operationOf(request)({ request, auth, catalog: service.catalog, nowMs });
}

function errorReply(error: unknown, requestId: string, resource: string): S3Reply {
  const known =
    error instanceof S3Error
      ? error
      : new S3Error("InternalError", "We encountered an internal error. Please try again.");
  if (!(error instanceof S3Error)) log().error({ err: error, requestId }, "the local S3 server failed on a request");
  const body = xmlDocument("Error", [
    ["Code", known.code],
    ["Message", known.message],
    ...Object.entries(known.fields),
    ["Resource", resource],
    ["RequestId", requestId],
  ]);
  return { status: known.status, body };
}

async function send(reply: S3Reply, message: IncomingMessage, response: ServerResponse): Promise<void> {
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (typeof reply.body === "string") {
    const bytes = Buffer.from(reply.body);
    response.setHeader("content-type", "application/xml");
    response.setHeader("content-length", message.method === "HEAD" ? 0 : bytes.length);
    response.end(message.method === "HEAD" ? undefined : bytes);
    return;
  }
  if (reply.body === undefined) {
    if (reply.status === 200 && message.method !== "HEAD") response.setHeader("content-length", 0);
    response.end();
    return;
  }
  await pipeline(Readable.from(reply.body, { objectMode: false }), response);
}

/**
 * A client still sending a refused body must be able to read the refusal: swallow a reasonable rest, cut a huge one.
 */
function drain(message: IncomingMessage): void {
  if (message.complete) return;
  let left = DRAIN_LIMIT_BYTES;
  message.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) message.destroy();
  });
  message.resume();
}

async function serve(service: Service, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  response.setHeader("x-amz-request-id", requestId);
  response.setHeader("server", "ops-console-local-s3");
  message.on("error", () => undefined);
  try {
    const reply = await answer(service, message).catch((error: unknown) =>
      errorReply(error, requestId, message.url ?? ""),
    );
    drain(message);
    await send(reply, message, response);
  } catch {
    // The caller is gone, or an answer broke off midway: the cut connection tells it.
    response.destroy();
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? `Port ${port} is taken.` : "The local S3 server cannot listen.";
      reject(new AppError("unavailable", why, { cause }));
    });
    server.listen(port, LOOPBACK, () => resolve(z.object({ port: z.number() }).parse(server.address()).port));
  });
}

/**
 * Starts an S3 server on loopback that keeps its buckets in `dataDir`, for sample data and tests. It refuses what S3
 * refuses: wrong signatures, digests, conditions and parts. One process per directory. `stop` ends open requests.
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const catalog = await BucketCatalog.open(options.dataDir);
  const existing = new Set(catalog.list().map(({ name }) => name));
  for (const name of options.buckets ?? []) if (!existing.has(name)) await catalog.create(name);
  const region = options.region ?? "us-east-1";
  const service = {
    catalog,
    region,
    credentials: options.credentials ?? [LOCAL_S3_CREDENTIALS],
    now: options.now ?? Date.now,
  };
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: IDLE_MS, requestTimeout: 0 });
  server.on("request", (message, response) => void serve(service, message, response));
  server.on("checkContinue", (message, response: ServerResponse) => {
    response.writeContinue();
    void serve(service, message, response);
  });
  server.timeout = IDLE_MS;
  const port = await listen(server, options.port ?? 0);
  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    port,
    region,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      catalog.close();
    },
  };
}
