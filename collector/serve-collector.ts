import { once } from "node:events";
import { startCollector } from "@/features/collector/server";
import { env } from "@/server/config/env";

/** Runs the trace receiver and the Jaeger query API until `signal` aborts; what was accepted is stored before it ends. */
export async function serveCollector(signal: AbortSignal, onReady: () => void): Promise<void> {
  const { HOST, OTLP_PORT, JAEGER_API_PORT } = env();
  const collector = await startCollector({ host: HOST, otlpPort: OTLP_PORT, jaegerApiPort: JAEGER_API_PORT });
  onReady();
  if (!signal.aborted) await once(signal, "abort");
  await collector.stop();
}
