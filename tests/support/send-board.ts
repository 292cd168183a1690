import { expect } from "@playwright/test";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const CLIENT = 3;
const SERVER = 2;
const ERROR = 2;

type SentSpan = {
  id: number;
  parent?: number;
  name: string;
  kind?: number;
  startMs: number;
  durationMs: number;
  service?: string;
  isError?: boolean;
};
const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** 1 s: a loop of 40 queries, one of them failed, and two calls of a worker side by side. */
const BOARD: SentSpan[] = [
  { id: 1, name: "GET /boards", kind: SERVER, startMs: 0, durationMs: 1000 },
  { id: 5, parent: 1, name: "render board", startMs: 100, durationMs: 800 },
  ...Array.from({ length: 40 }, (_, at) => ({
    id: 10 + at,
    parent: 5,
    name: "SELECT cards",
    kind: CLIENT,
    startMs: 100 + at * 18,
    durationMs: at === 17 ? 16 : 10,
    isError: at === 30,
  })),
  { id: 60, parent: 1, name: "index", service: "board-worker", startMs: 905, durationMs: 90 },
  { id: 61, parent: 1, name: "index", service: "board-worker", startMs: 905, durationMs: 60 },
];

/** Sends the page, or other spans, as one trace; `seed` makes its id, which it gives back. */
export async function sendBoard(seed: number, spans = BOARD): Promise<string> {
  const traceId = hex(seed, 32);
  const originMs = Date.now() - 240_000;
  const services = [...new Set(spans.map(({ service }) => service ?? "board-web"))];
  const resourceSpans = services.map((service) => ({
    resource: { attributes: [text("service.name", service)] },
    scopeSpans: [
      {
        spans: spans
          .filter((span) => (span.service ?? "board-web") === service)
          .map(({ id, parent, name, kind = 1, startMs, durationMs, isError }) => ({
            traceId,
            spanId: hex(seed * 10_000_000 + id, 16),
            ...(parent === undefined ? {} : { parentSpanId: hex(seed * 10_000_000 + parent, 16) }),
            name,
            kind,
            startTimeUnixNano: `${originMs + startMs}000000`,
            endTimeUnixNano: `${originMs + startMs + durationMs}000000`,
            attributes: kind === CLIENT ? [text("db.system", "postgresql"), text("card.number", String(id))] : [],
            status: isError === true ? { code: ERROR, message: "deadlock detected" } : {},
          })),
      },
    ],
  }));
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
  return traceId;
}
