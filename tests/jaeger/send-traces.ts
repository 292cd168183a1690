import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

export const SENT_SERVICE = "shop-web";
export const SENT_OPERATION = "GET /orders/:id";
const QUERY_COUNT = 24;

/**
 * Sends `count` requests of a small shop through the OpenTelemetry SDK: a server span, many queries, one failing call
 * to another service. Resolves with the ids of their traces, once all are delivered.
 */
export async function sendTraces(otlpUrl: string, count: number): Promise<string[]> {
  const providers = [SENT_SERVICE, "shop-payments"].map((service) => {
    const exporter = new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces`, timeoutMillis: 10_000 });
    return new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": service, "host.name": "test-1" }),
      spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 10_000, maxExportBatchSize: 500 })],
    });
  });
  const [web, payments] = providers.map((provider) => provider.getTracer("shop"));
  if (web === undefined || payments === undefined) throw new Error("There is no tracer.");
  const ids: string[] = [];
  const startMs = Date.now() - 5 * 60_000;
  for (let request = 0; request < count; request += 1) {
    const at = startMs + request * 1000;
    const root = web.startSpan(SENT_OPERATION, {
      kind: SpanKind.SERVER,
      startTime: at,
      attributes: { "http.route": "/orders/:id", "http.response.status_code": 200, request: `number-${request}` },
    });
    const inside = trace.setSpan(context.active(), root);
    for (let query = 0; query < QUERY_COUNT; query += 1) {
      web
        .startSpan(
          "SELECT line_items",
          {
            kind: SpanKind.CLIENT,
            startTime: at + 2 + query * 5,
            attributes: { "db.system.name": "postgresql", "db.query.text": "SELECT * FROM line_items WHERE id = $1" },
          },
          inside,
        )
        .end(at + 6 + query * 5);
    }
    const charge = payments.startSpan(
      "charge",
      { kind: SpanKind.SERVER, startTime: at + 130, attributes: { amount: 7 } },
      inside,
    );
    charge.recordException(new Error("card declined"), at + 140);
    charge.setStatus({ code: SpanStatusCode.ERROR, message: "card declined" });
    charge.end(at + 150);
    root.end(at + 160);
    ids.push(root.spanContext().traceId);
  }
  for (const provider of providers) await provider.shutdown();
  return ids;
}

/** Spans in each of the traces sent. */
export const SENT_SPAN_COUNT = QUERY_COUNT + 2;
