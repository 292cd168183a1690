import { randomBytes } from "node:crypto";

type Options = { traceId: string; service?: string; attributes?: object[]; startMs?: number };

/** An OTLP/JSON request with one span. */
export function oneSpanRequest({ traceId, service = "web", attributes = [], startMs = Date.now() }: Options): object {
  const span = {
    traceId,
    spanId: randomBytes(8).toString("hex"),
    name: "GET /",
    kind: 2,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 5}000000`,
  };
  const name = { key: "service.name", value: { stringValue: service } };
  return {
    resourceSpans: [{ resource: { attributes: [name, ...attributes] }, scopeSpans: [{ scope: {}, spans: [span] }] }],
  };
}

export const randomTraceId = (): string => randomBytes(16).toString("hex");
