import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type pg from "pg";

const MAX_TEXT_CHARS = 2000;
type Query = (...args: unknown[]) => unknown;

/**
 * Makes every query on the pool's connections a span of the work that asked for it. Statements are parameterised, so
 * their text holds no values. Without such work (loops, signs of life, ingest) nothing is recorded.
 */
export function traceQueries(pool: pg.Pool): void {
  pool.on("connect", (client) => {
    const query: Query = client.query.bind(client) as Query;
    Object.assign(client, { query: (...args: unknown[]) => tracedQuery(query, args) });
  });
  // The pool calls those who wait from the context of whoever gave a connection back.
  const connect = pool.connect.bind(pool) as Query;
  Object.assign(pool, {
    connect: (...args: unknown[]) => connect(...args.map((arg) => context.bind(context.active(), arg))),
  });
}

function tracedQuery(query: Query, args: unknown[]): unknown {
  const text = textOf(args[0]);
  if (text === undefined || trace.getActiveSpan()?.isRecording() !== true) return query(...args);
  const operation = operationOf(text);
  const span = trace.getTracer("ops-console").startSpan(`db.${operation}`, {
    kind: SpanKind.CLIENT,
    attributes: { "db.system.name": "postgresql", "db.query.text": text.slice(0, MAX_TEXT_CHARS) },
  });
  const callback = args.at(-1);
  if (typeof callback === "function") {
    const ended = context.bind(context.active(), (error: unknown, result: unknown) => {
      end(span, error);
      callback(error, result);
    });
    return query(...args.slice(0, -1), ended);
  }
  const result = query(...args);
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.then(
    (value: unknown) => {
      end(span, undefined);
      return value;
    },
    (error: unknown) => {
      end(span, error);
      throw error;
    },
  );
}

/** What a statement does, in one word: of one that begins with common table expressions, what it does with them. */
export function operationOf(text: string): string {
  let depth = 0;
  let first: string | undefined;
  // Quoted text and comments first: they may hold brackets and words.
  for (const [token] of text.matchAll(/'[^']*'|"[^"]*"|--[^\n]*|\/\*.*?\*\/|[()]|\w+/gs)) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth === 0 && /^\w/.test(token)) {
      const word = token.toLowerCase();
      first ??= word;
      if (first !== "with" || /^(?:select|insert|update|delete|merge)$/.test(word)) return word;
    }
  }
  return first ?? "query";
}

/** `undefined` for streams (COPY), which last as long as their reader and are not timed. */
function textOf(query: unknown): string | undefined {
  if (typeof query === "string") return query;
  const isConfig = typeof query === "object" && query !== null && "text" in query && !("submit" in query);
  return isConfig && typeof query.text === "string" ? query.text : undefined;
}

function end(span: Span, error: unknown): void {
  if (error instanceof Error) {
    const code = "code" in error ? String(error.code) : "internal";
    span.setAttribute("error.type", code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }
  span.end();
}
