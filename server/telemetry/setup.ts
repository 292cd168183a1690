import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { env } from "@/server/config/env";
import { PollSampler } from "./poll-sampler";

/** Next's spans about its own loading: nine per request that say nothing about the request. */
const NOISE = new Set([
  "LoadComponents.loadRouteModule",
  "NextNodeServer.findPageComponents",
  "RouteModule.prepare",
  "NextNodeServer.startResponse",
  "NextNodeServer.clientComponentLoading",
  "NextNodeServer.getLayoutOrPageModule",
  "AppRouteRouteModule.loadUserland",
]);

class QuietSpanProcessor extends BatchSpanProcessor {
  override onEnd(span: ReadableSpan): void {
    if (!NOISE.has(String(span.attributes["next.span_type"]))) super.onEnd(span);
  }
}

/**
 * Sends this process's spans to `OTEL_EXPORTER_OTLP_ENDPOINT` (the supervisor points it at our own collector when unset).
 * The exporter runs with tracing suppressed and the collector never traces ingest, so spans cause no spans.
 * Returns the flush to call before exit.
 */
export function startTelemetry(serviceName: string): () => Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SDK_DISABLED } = env();
  if (OTEL_EXPORTER_OTLP_ENDPOINT === undefined || OTEL_SDK_DISABLED) return async () => {};
  const exporter = new OTLPTraceExporter({
    url: `${OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
    ...(OTEL_EXPORTER_OTLP_HEADERS === undefined ? {} : { headers: OTEL_EXPORTER_OTLP_HEADERS }),
    timeoutMillis: 5000,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      // Not OTEL_SERVICE_NAME: a shell that sends an app's spans here would give web and worker the name of that app.
      "service.name": serviceName,
      "service.namespace": "ops-console",
    }),
    sampler: new PollSampler(),
    spanProcessors: [new QuietSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  return () => provider.shutdown();
}
