import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { adjustResource, adjustSpan } from "../domain/adjust-span";
import { decodeSpan } from "../domain/decode-span";
import type { LegacyTrace } from "../domain/legacy-trace";
import type { ResourceGroup } from "../domain/trace-groups";

const FLUSH_CHARS = 64 * 1024;

/** A v3 answer: JSON without a trailing newline. */
export function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** A v3 error: JSON under `text/plain` and with a newline, as Go's `http.Error` sends it. */
export function sendV3Error(response: ServerResponse, status: number, message: string): void {
  sendPlain(response, status, JSON.stringify({ error: { httpCode: status, message } }));
}

/** What is missing from an answer that is otherwise fine; with an id when it is one trace. */
export type LegacyNote = { msg: string; traceID?: string };
type LegacyAnswer = { data: unknown; total?: number; errors?: readonly LegacyNote[] };

/** An answer of the older API: always its envelope, indented when the reader asked with `prettyPrint`. */
export function sendLegacy(
  response: ServerResponse,
  params: URLSearchParams,
  { data, total = 0, errors = [] }: LegacyAnswer,
): void {
  const envelope = { data, total, limit: 0, offset: 0, errors: errors.length === 0 ? null : errors };
  const body = JSON.stringify(envelope, undefined, isPretty(params) ? 4 : 0);
  response.writeHead(200, { "Content-Type": "application/json" }).end(body);
}

/** Writes traces in the older API's envelope, one at a time: only one of them is held as text. */
export async function streamLegacyTraces(
  response: ServerResponse,
  params: URLSearchParams,
  traces: AsyncIterable<LegacyTrace>,
  errors: readonly LegacyNote[] = [],
): Promise<void> {
  if (isPretty(params)) return sendLegacy(response, params, { data: await collect(traces), errors });
  let separator = "";
  for await (const trace of traces) {
    // The head waits for the first trace: until then a failure can still be told.
    if (separator === "") response.writeHead(200, { "Content-Type": "application/json" }).write('{"data":[');
    if (response.destroyed) return;
    if (!response.write(separator + JSON.stringify(trace))) await writable(response);
    separator = ",";
  }
  if (separator === "") return sendLegacy(response, params, { data: [], errors });
  response.end(`],"total":0,"limit":0,"offset":0,"errors":${errors.length === 0 ? "null" : JSON.stringify(errors)}}`);
}

async function collect(traces: AsyncIterable<LegacyTrace>): Promise<LegacyTrace[]> {
  const all: LegacyTrace[] = [];
  for await (const trace of traces) all.push(trace);
  return all;
}

/** Whether `prettyPrint` is there and anything but "false", as Jaeger reads it. */
function isPretty(params: URLSearchParams): boolean {
  const value = params.get("prettyPrint") ?? "";
  return value !== "" && value !== "false";
}

/** A failure as the older API words it: an envelope whose only content is the error. */
export function sendLegacyError(response: ServerResponse, status: number, msg: string): void {
  const body = { data: null, total: 0, limit: 0, offset: 0, errors: [{ code: status, msg }] };
  sendPlain(response, status, JSON.stringify(body));
}

/** Plain text with a line break, as Go's `http.Error` sends it. */
export function sendPlain(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" })
    .end(`${text}\n`);
}

/**
 * Writes traces as one `{"result":{"resourceSpans":[…]}}`, span by span: a trace of 100,000 spans never stands in memory
 * as text. Ends early when the reader has gone.
 */
export async function streamTraces(response: ServerResponse, traces: AsyncIterable<ResourceGroup[]>): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/json" });
  let pending = "";
  for await (const piece of printTraces(traces)) {
    pending += piece;
    if (pending.length < FLUSH_CHARS) continue;
    if (response.destroyed) return;
    if (!response.write(pending)) await writable(response);
    pending = "";
  }
  response.end(pending);
}

/** Resolves when the reader has caught up or gone. */
async function writable(response: ServerResponse): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  done.abort();
}

async function* printTraces(traces: AsyncIterable<ResourceGroup[]>): AsyncGenerator<string> {
  let separator = "";
  yield '{"result":{"resourceSpans":[';
  for await (const groups of traces) {
    for (const group of groups) {
      yield separator;
      separator = ",";
      yield* printGroup(group);
    }
  }
  yield "]}}";
}

function* printGroup({ resource, schemaUrl, scopes }: ResourceGroup): Generator<string> {
  yield `{"resource":${JSON.stringify(adjustResource(resource))},"scopeSpans":[`;
  let scopeSeparator = "";
  for (const { scope, schemaUrl: scopeSchemaUrl, spans } of scopes) {
    yield `${scopeSeparator}{"scope":${JSON.stringify(scope)},"spans":[`;
    scopeSeparator = ",";
    let separator = "";
    for (const span of spans) {
      yield separator + JSON.stringify(adjustSpan(decodeSpan(span)));
      separator = ",";
    }
    yield `]${scopeSchemaUrl === "" ? "" : `,"schemaUrl":${JSON.stringify(scopeSchemaUrl)}`}}`;
  }
  yield `]${schemaUrl === "" ? "" : `,"schemaUrl":${JSON.stringify(schemaUrl)}`}}`;
}
