import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { isDatabaseAway } from "@/server/http/is-database-away";
import { log } from "@/server/log/log";
import { COLLECTOR_HEADER } from "@/server/processes/embedded-collector";
import { isDatabaseSilent } from "./is-database-silent";
import { answerDependencies, answerLegacyTrace, answerMetrics } from "./jaeger-legacy";
import {
  answerLegacyOperations,
  answerLegacySearch,
  answerLegacyServices,
  answerOperationNames,
  answerTransform,
} from "./jaeger-legacy-search";
import { sendLegacyError, sendPlain, sendV3Error } from "./jaeger-reply";
import { answerOperations, answerServices, answerSummaries, answerTrace, answerTraces } from "./jaeger-v3";
import { isOwnHost } from "./loopback-host";

type Query = {
  request: IncomingMessage;
  response: ServerResponse;
  params: URLSearchParams;
  id: string;
  segment: string;
};
type Route = { path: RegExp; method?: "POST"; answer: (query: Query) => Promise<void> | void };

/** Jaeger's own routes: those of the newest release, and the older search, which its UI up to 2.18 still asks for. */
const ROUTES: Route[] = [
  { path: /^\/api\/v3\/services$/, answer: ({ response }) => answerServices(response) },
  { path: /^\/api\/v3\/operations$/, answer: ({ response, params }) => answerOperations(response, params) },
  {
    path: /^\/api\/v3\/trace-summaries$/,
    answer: ({ request, response, params }) => answerSummaries(request, response, params),
  },
  { path: /^\/api\/v3\/traces$/, answer: ({ response, params }) => answerTraces(response, params) },
  { path: /^\/api\/v3\/traces\/([^/]+)$/, answer: ({ response, params, id }) => answerTrace(response, id, params) },
  { path: /^\/api\/traces\/([^/]+)$/, answer: ({ response, params, id }) => answerLegacyTrace(response, id, params) },
  { path: /^\/api\/dependencies$/, answer: ({ response, params }) => answerDependencies(response, params, Date.now()) },
  { path: /^\/api\/metrics\/(?:latencies|calls|errors)$/, answer: ({ response }) => answerMetrics(response) },
  { path: /^\/api\/services$/, answer: ({ response, params }) => answerLegacyServices(response, params) },
  { path: /^\/api\/operations$/, answer: ({ response, params }) => answerLegacyOperations(response, params) },
  {
    path: /^\/api\/services\/([^/]+)\/operations$/,
    // Read as a form's text: Jaeger's UI and its clients write a space as a plus here.
    answer: ({ response, params, segment }) =>
      answerOperationNames(response, decodeSegment(segment.replaceAll("+", " ")), params),
  },
  { path: /^\/api\/traces$/, answer: ({ response, params }) => answerLegacySearch(response, params, Date.now()) },
  {
    path: /^\/api\/transform$/,
    method: "POST",
    answer: ({ request, response, params }) => answerTransform(response, params, request),
  },
];

const BASE = "http://collector";

/** Answers as Jaeger's query service does on 16686, from the embedded store. Nothing asked of it changes the store. */
export function createJaegerServer({ host }: { host: string }): http.Server {
  const server = http.createServer((request, response) => {
    void answer(request, response, host);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, host: string): Promise<void> {
  response.setHeader(COLLECTOR_HEADER, process.pid);
  if (!isOwnHost(request, host)) return sendPlain(response, 421, "misdirected request");
  const target = request.url ?? "/";
  // `//` is a valid request target and no URL; it names nothing here.
  if (!URL.canParse(target, BASE)) return sendPlain(response, 404, "404 page not found");
  const url = new URL(target, BASE);
  const found = ROUTES.map((route) => ({ route, match: route.path.exec(url.pathname) })).find(({ match }) => match);
  if (found?.match == null) return sendPlain(response, 404, "404 page not found");
  if (!isAllowed(request, found.route)) {
    response.setHeader("Allow", found.route.method ?? "GET, HEAD");
    return sendPlain(response, 405, "Method Not Allowed");
  }
  if (found.route.method === undefined) request.resume();
  try {
    const segment = found.match[1] ?? "";
    const id = decodeSegment(segment);
    const answered = Promise.resolve(found.route.answer({ request, response, params: url.searchParams, id, segment }));
    if (await isDatabaseSilent(answered)) {
      answered.catch(() => {});
      throw new AppError("unavailable", "its database does not answer");
    }
    await answered;
  } catch (error) {
    fail(response, error, url.pathname.startsWith("/api/v3/") ? sendV3Error : sendLegacyError);
  }
}

function isAllowed({ method }: IncomingMessage, route: Route): boolean {
  return route.method === undefined ? method === "GET" || method === "HEAD" : method === route.method;
}

/** A segment that is not valid percent-encoding names nothing. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "%";
  }
}

function fail(response: ServerResponse, error: unknown, sendError: typeof sendV3Error): void {
  log().error({ err: error }, "a query for traces failed");
  if (response.headersSent) {
    // Half an answer must not look like a whole one.
    response.destroy();
    return;
  }
  const reason = isDatabaseAway(error) ? "its database does not answer" : "the trace store cannot answer now";
  const message = error instanceof AppError ? error.message : reason;
  response.setHeader("Retry-After", "5");
  sendError(response, 503, message);
}
