import { trace } from "@opentelemetry/api";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { assertAllowed } from "@/server/auth/assert-allowed";
import { isAllowed, type Permission, type Viewer } from "@/server/auth/permissions";
import { isSignInOn } from "@/server/auth/sign-in-settings";
import { keepSessionFresh, viewerOf } from "@/server/auth/viewer";
import { log } from "@/server/log/log";
import { Outage } from "@/server/log/outage";
import { withSpan } from "@/server/telemetry/with-span";
import { readJson } from "./body";
import { findUnstorable } from "./find-unstorable";
import { isDatabaseAway } from "./is-database-away";
import { isDiskFull } from "./is-disk-full";
import { assertOwnRequest } from "./origin";
import { plainWords } from "./plain-words";
import { problemResponse, STATUS_OF } from "./problem";
import { type SseFrame, sseResponse } from "./sse";

const DEFAULT_MAX_BODY_BYTES = 256 * 1024;
const NO_QUERY = z.strictObject({});
const ROUTE_STATEMENT = Symbol.for("ops-console.route-statement");

type Schema = z.core.$ZodType;
type Out<S> = S extends Schema ? z.output<S> : undefined;
type Context = { params: Promise<Record<string, string | string[] | undefined>> };
type Handler = (request: Request, context: Context) => Promise<Response>;

/** What every route states before it does anything. */
type RouteInput<P, Q, B> = {
  /** One line for the API's documentation. Only the answer to unknown addresses has none. */
  summary?: string;
  /** The permission a viewer needs; checked before input is read. */
  allow: Permission;
  params?: P;
  query?: Q;
  /** Present for JSON bodies. Handlers of other bodies read `request` themselves, through `readBody`. */
  body?: B;
  maxBodyBytes?: number;
  /** Of a body that the handler reads itself: for the documentation. */
  ownBody?: Schema;
  /** Who asks, by a token of their own: for programs, which have no browser and are never the person at the console. */
  authenticate?: (request: Request) => Promise<Viewer>;
  /** What the events of its stream carry, by name, where it answers with one. */
  streams?: Readonly<Record<string, Schema>>;
};

/** What a route says of itself: its guard, and what the documentation is made of. */
export type RouteStatement = RouteInput<Schema, Schema, Schema> & { reply?: Schema; status?: number };

/** Parsed, typed, authorised: all a handler sees. */
export type Call<P, Q, B> = {
  params: Out<P>;
  query: Out<Q>;
  body: Out<B>;
  viewer: Viewer;
  signal: AbortSignal;
  request: Request;
};

/**
 * A JSON endpoint as one sentence: who may, what goes in, what comes out, who does it.
 * The reply schema is enforced, so that a column added to a table never leaks by itself. A handler may answer with a
 * `Response` of its own (a download).
 */
export function route<
  R extends Schema,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  spec: RouteInput<P, Q, B> & {
    reply: R;
    status?: number;
    handle: (call: Call<P, Q, B>) => Promise<z.input<R> | Response>;
  },
): Handler {
  return guarded(spec, async (call) => {
    const result = await spec.handle(call);
    if (result instanceof Response) return result;
    return Response.json(z.parse(spec.reply, result), {
      status: spec.status ?? 200,
      headers: { "cache-control": "no-store" },
    });
  });
}

/** A server-sent event stream under the same guard; `events` ends when `call.signal` aborts. */
export function eventStreamRoute<P extends Schema | undefined = undefined, Q extends Schema | undefined = undefined>(
  spec: RouteInput<P, Q, undefined> & {
    events: (
      call: Call<P, Q, undefined> & { lastEventId: string | undefined },
    ) => AsyncIterable<SseFrame> | Promise<AsyncIterable<SseFrame>>;
  },
): Handler {
  return guarded(spec, async (call) => {
    const lastEventId = call.request.headers.get("last-event-id") ?? undefined;
    const signal = whileAllowed(spec.allow, call);
    return sseResponse(await spec.events({ ...call, signal, lastEventId }), signal);
  });
}

/** What a route handler was built with; `undefined` for a handler without a guard. A test lists all routes. */
export function statementOf(handler: unknown): RouteStatement | undefined {
  return typeof handler === "function"
    ? (handler as unknown as Record<symbol, RouteStatement | undefined>)[ROUTE_STATEMENT]
    : undefined;
}

function guarded<P extends Schema | undefined, Q extends Schema | undefined, B extends Schema | undefined>(
  spec: RouteInput<P, Q, B>,
  answer: (call: Call<P, Q, B>) => Promise<Response>,
): Handler {
  const handler: Handler = async (request, context) => {
    const { pathname } = new URL(request.url);
    return withSpan(
      "http.route",
      { attributes: { "http.request.method": request.method, "url.path": pathname } },
      async () => {
        try {
          assertOwnRequest(request);
          const viewer = await viewerFor(spec, request);
          await assertAllowed(viewer, spec.allow, pathname);
          await keepSessionFresh(viewer);
          return await answer(await parseCall(spec, request, context, viewer));
        } catch (error) {
          return refuse(error, request);
        }
      },
    );
  };
  return Object.assign(handler, { [ROUTE_STATEMENT]: spec });
}

const STILL_ALLOWED_MS = 10_000;

/** Aborts when its reader leaves, and within ten seconds of their session, role or account being taken away. */
function whileAllowed(allow: Permission, { request, signal }: { request: Request; signal: AbortSignal }): AbortSignal {
  if (!isSignInOn()) return signal;
  const taken = new AbortController();
  const timer = setInterval(async () => {
    // A database that is away says nothing about anybody.
    const viewer = await viewerOf(request).catch(() => undefined);
    if (viewer !== undefined && !isAllowed(viewer, allow)) taken.abort();
  }, STILL_ALLOWED_MS);
  const both = AbortSignal.any([signal, taken.signal]);
  both.addEventListener("abort", () => clearInterval(timer), { once: true });
  return both;
}

/** A page of any site can make its reader's browser send requests; none of them may pass for a program's. */
async function viewerFor({ authenticate }: RouteInput<unknown, unknown, unknown>, request: Request): Promise<Viewer> {
  if (authenticate === undefined) return viewerOf(request);
  if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
    throw new AppError("forbidden", "This address is for programs with a token, not for browsers.");
  }
  return authenticate(request);
}

async function parseCall<P extends Schema | undefined, Q extends Schema | undefined, B extends Schema | undefined>(
  spec: RouteInput<P, Q, B>,
  request: Request,
  context: Context,
  viewer: Viewer,
): Promise<Call<P, Q, B>> {
  const params = spec.params && parseInput(spec.params, await context.params);
  // Without a schema no parameter is known, so each is refused: a misspelt filter must not widen an answer.
  const given = parseInput(spec.query ?? NO_QUERY, toQueryObject(new URL(request.url).searchParams));
  const query = spec.query && given;
  const body = spec.body && parseInput(spec.body, await readJson(request, spec.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES));
  return { params, query, body, viewer, signal: request.signal, request } as Call<P, Q, B>;
}

/** A repeated parameter becomes a list, so that a schema for one value refuses it instead of taking the last. */
function toQueryObject(search: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    query[key] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return { ...query };
}

function parseInput(schema: Schema, value: unknown): unknown {
  const unstorable = findUnstorable(value);
  if (unstorable !== undefined) {
    const message = "holds a NUL character or half of a surrogate pair";
    const problems = [{ field: unstorable, message }];
    throw new AppError("invalid_input", `${unstorable || "The input"}: ${message}`, { problems });
  }
  const result = z.safeParse(schema, value, { error: plainWords(value) });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    field: issue.code === "unrecognized_keys" ? namesBelow(issue.path, issue.keys) : issue.path.join("."),
    message: issue.message,
  }));
  const [first] = problems;
  throw new AppError(
    "invalid_input",
    first === undefined ? "The input is not valid." : `${first.field || "The input"}: ${first.message}`,
    {
      problems,
    },
  );
}

const namesBelow = (path: readonly PropertyKey[], names: readonly string[]): string =>
  names.map((name) => [...path, name].join(".")).join(", ");

/** What many requests meet at once while something they all need is away, by what it is. */
const OUTAGES: Record<"database" | "disk" | "source", Outage> = {
  database: new Outage("requests fail, the database does not answer"),
  disk: new Outage("requests fail, the disk of the database is full"),
  source: new Outage("requests fail, a server they ask does not answer"),
};

function noteFailure(error: unknown, request: Record<string, unknown>): void {
  // Each open page asks every few seconds: one line per request hides what else happens meanwhile.
  if (isDatabaseAway(error)) OUTAGES.database.note(error);
  else if (isDiskFull(error)) OUTAGES.disk.note(error);
  else if (error instanceof AppError && /^upstream_(timeout|unreachable)$/.test(error.code)) OUTAGES.source.note(error);
  else log().error({ err: error, ...request }, "request failed");
}

/** One of the three places that catch everything: logs once, records on the span, answers with a problem. */
function refuse(error: unknown, request: Request): Response {
  const span = trace.getActiveSpan();
  const traceId = span?.isRecording() ? span.spanContext().traceId : undefined;
  const isOurFault = !(error instanceof AppError) || STATUS_OF[error.code] >= 500;
  if (request.signal.aborted) return new Response(null, { status: 499 });
  if (isOurFault) {
    span?.recordException(error instanceof Error ? error : new Error(String(error)));
    noteFailure(error, { method: request.method, url: new URL(request.url).pathname, traceId });
  }
  return problemResponse(error, traceId);
}
