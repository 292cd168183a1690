import { once } from "node:events";
import { startCollector } from "@/features/collector/server";
import { collectorHost } from "@/server/config/address";
import { env } from "@/server/config/env";

/** Runs the trace receiver and the Jaeger query API until `signal` aborts; what was accepted is stored before it ends. */
export async function serveCollector(signal: AbortSignal, onReady: () => void): Promise<void> {
  const { OTLP_PORT, JAEGER_API_PORT } = env();
  const collector = await startCollector({
    host: collectorHost(),
    otlpPort: OTLP_PORT,
    jaegerApiPort: JAEGER_API_PORT,
  });
  onReady();
  if (!signal.aborted) await once(signal, "abort");
  await collector.stop();
}
