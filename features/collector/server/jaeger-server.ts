import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { log } from "@/server/log/log";
import { answerDependencies, answerLegacyTrace, answerMetrics } from "./jaeger-legacy";
import { sendPlain, sendV3Error } from "./jaeger-reply";
import { answerOperations, answerServices, answerSummaries, answerTrace, answerTraces } from "./jaeger-v3";
import { isOwnHost } from "./loopback-host";

type Query = { response: ServerResponse; params: URLSearchParams; id: string };

/** Jaeger's own routes, newest release: search by the older API is gone (404), single traces and call counts are not. */
const ROUTES: { path: RegExp; answer: (query: Query) => Promise<void> | void }[] = [
  { path: /^\/api\/v3\/services$/, answer: ({ response }) => answerServices(response) },
  { path: /^\/api\/v3\/operations$/, answer: ({ response, params }) => answerOperations(response, params) },
  { path: /^\/api\/v3\/trace-summaries$/, answer: ({ response, params }) => answerSummaries(response, params) },
  { path: /^\/api\/v3\/traces$/, answer: ({ response, params }) => answerTraces(response, params) },
  { path: /^\/api\/v3\/traces\/([^/]+)$/, answer: ({ response, params, id }) => answerTrace(response, id, params) },
  { path: /^\/api\/traces\/([^/]+)$/, answer: ({ response, params, id }) => answerLegacyTrace(response, id, params) },
  { path: /^\/api\/dependencies$/, answer: ({ response, params }) => answerDependencies(response, params, Date.now()) },
  { path: /^\/api\/metrics\/(?:latencies|calls|errors)$/, answer: ({ response }) => answerMetrics(response) },
];

const BASE = "http://collector";

/** Answers as Jaeger's query service does on 16686, from the embedded store. Reads only. */
export function createJaegerServer({ host }: { host: string }): http.Server {
  const server = http.createServer((request, response) => {
    void answer(request, response, host);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, host: string): Promise<void> {
  request.resume();
  if (!isOwnHost(request, host)) return sendPlain(response, 421, "misdirected request");
  const target = request.url ?? "/";
  // `//` is a valid request target and no URL; it names nothing here.
  if (!URL.canParse(target, BASE)) return sendPlain(response, 404, "404 page not found");
  const url = new URL(target, BASE);
  const found = ROUTES.map((route) => ({ route, match: route.path.exec(url.pathname) })).find(({ match }) => match);
  if (found?.match == null) return sendPlain(response, 404, "404 page not found");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return sendPlain(response, 405, "Method Not Allowed");
  }
  try {
    const id = decodeSegment(found.match[1] ?? "");
    await found.route.answer({ response, params: url.searchParams, id });
  } catch (error) {
    fail(response, error);
  }
}

/** A segment that is not valid percent-encoding names nothing. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "%";
  }
}

function fail(response: ServerResponse, error: unknown): void {
  log().error({ err: error }, "a query for traces failed");
  if (response.headersSent) {
    // Half an answer must not look like a whole one.
    response.destroy();
    return;
  }
  const message = error instanceof AppError ? error.message : "the trace store cannot answer now";
  response.setHeader("Retry-After", "5");
  sendV3Error(response, 503, message);
}
