import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { log } from "@/server/log/log";
import { encodeExportReply, encodeStatus } from "../domain/otlp-reply";
import { parseOtlpJson } from "../domain/parse-otlp-json";
import { scanTraces } from "../domain/scan-traces";
import type { IngestQueue } from "./ingest-queue";
import type { IngestTotals } from "./ingest-totals";
import { isOwnHost } from "./loopback-host";
import { type BodyEncoding, bodyEncodingOf, receiveBody } from "./receive-body";

const MAX_REQUESTS_IN_FLIGHT = 64;
const MAX_BYTES_IN_FLIGHT = 96 * 1024 * 1024;
/** What a body may grow to while it is read and scanned; unknown lengths count as one mebibyte. */
const GZIP_FACTOR = 5;
const UNKNOWN_LENGTH_BYTES = 1024 * 1024;

/** HTTP status and `google.rpc.Code` of every refusal; what is not listed is ours and means "try again". */
const REFUSALS: Partial<Record<AppError["code"], { status: number; rpcCode: number }>> = {
  invalid_input: { status: 400, rpcCode: 3 },
  not_found: { status: 404, rpcCode: 5 },
  method_not_allowed: { status: 405, rpcCode: 12 },
  payload_too_large: { status: 413, rpcCode: 8 },
  unsupported_media_type: { status: 415, rpcCode: 3 },
  misdirected_host: { status: 421, rpcCode: 3 },
  forbidden: { status: 403, rpcCode: 7 },
  too_many_requests: { status: 429, rpcCode: 8 },
};
const TRY_AGAIN = { status: 503, rpcCode: 14 };

export type OtlpServerOptions = { queue: IngestQueue; totals: IngestTotals; host: string };

/**
 * The OTLP/HTTP door: `POST /v1/traces`. A 200 means the spans are on disk. Never traces itself, and never inside Next:
 * its body handling cuts at 10 MB in silence.
 */
export function createOtlpServer({ queue, totals, host }: OtlpServerOptions): http.Server {
  const load = { requests: 0, bytes: 0 };
  const server = http.createServer((request, response) => {
    void answer({ request, response, queue, totals, host, load });
  });
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxRequestsPerSocket = 0;
  return server;
}

type Exchange = OtlpServerOptions & {
  request: IncomingMessage;
  response: ServerResponse;
  load: { requests: number; bytes: number };
};

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, load } = exchange;
  // A refusal of an unknown content type is still readable: JSON.
  let encoding: BodyEncoding = "json";
  const sizeBytes = expectedBytes(request);
  load.requests += 1;
  load.bytes += sizeBytes;
  try {
    assertExpected(exchange);
    encoding = bodyEncodingOf(request);
    send(response, 200, encoding, await ingest(exchange, encoding));
  } catch (error) {
    refuse(exchange, encoding, error);
  } finally {
    load.requests -= 1;
    load.bytes -= sizeBytes;
  }
}

function assertExpected({ request, queue, host, load }: Exchange): void {
  if (!isOwnHost(request, host)) {
    throw new AppError(
      "misdirected_host",
      `This collector does not answer for the host "${request.headers.host ?? ""}".`,
    );
  }
  if (request.url?.split("?")[0] !== "/v1/traces") throw new AppError("not_found", "Spans go to POST /v1/traces.");
  if (request.method !== "POST") throw new AppError("method_not_allowed", "Spans go to POST /v1/traces.");
  // Exporters are no browsers; a page that found this port must not write into it.
  if (request.headers.origin !== undefined) throw new AppError("forbidden", "Web pages may not send spans.");
  if (queue.isFull || load.requests > MAX_REQUESTS_IN_FLIGHT || load.bytes > MAX_BYTES_IN_FLIGHT) {
    throw new AppError("too_many_requests", "More spans arrive than can be stored.", { retryAfterSeconds: 1 });
  }
}

async function ingest({ request, queue, totals }: Exchange, encoding: BodyEncoding): Promise<Buffer> {
  const body = await receiveBody(request, encoding);
  if (queue.isFull) {
    throw new AppError("too_many_requests", "More spans arrive than can be stored.", { retryAfterSeconds: 1 });
  }
  const scanned = scanTraces(encoding === "json" ? parseOtlpJson(body) : body);
  if (scanned.spanCount > 0) await queue.store(scanned);
  totals.add(scanned.spanCount, scanned.rejectedCount);
  return encodeExportReply({ rejectedSpans: scanned.rejectedCount, message: scanned.message }, encoding);
}

function expectedBytes(request: IncomingMessage): number {
  const declared = Number(request.headers["content-length"] ?? UNKNOWN_LENGTH_BYTES);
  const bytes = Number.isFinite(declared) ? declared : UNKNOWN_LENGTH_BYTES;
  return request.headers["content-encoding"] === undefined ? bytes : bytes * GZIP_FACTOR;
}

function refuse({ request, response }: Exchange, encoding: BodyEncoding, error: unknown): void {
  const known = error instanceof AppError ? error : undefined;
  if (known === undefined) log().error({ err: error }, "a request for spans failed");
  const { status, rpcCode } = (known === undefined ? undefined : REFUSALS[known.code]) ?? TRY_AGAIN;
  if (response.destroyed || response.headersSent) return;
  if (status === 429 || status === 503) response.setHeader("Retry-After", String(known?.retryAfterSeconds ?? 5));
  if (status === 405) response.setHeader("Allow", "POST");
  if (!request.complete) {
    // What is left of the body is not worth reading; the connection ends with the answer.
    response.setHeader("Connection", "close");
    request.resume();
  }
  send(
    response,
    status,
    encoding,
    encodeStatus(rpcCode, known?.message ?? "The collector failed; try again.", encoding),
  );
}

function send(response: ServerResponse, status: number, encoding: BodyEncoding, body: Buffer): void {
  response.writeHead(status, {
    "Content-Type": encoding === "json" ? "application/json" : "application/x-protobuf",
    "Content-Length": body.length,
    "X-Content-Type-Options": "nosniff",
  });
  response.end(body);
}
