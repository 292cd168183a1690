import { once } from "node:events";
import http from "node:http";
import { env } from "@/server/config/env";

/** Answers 503 on both doors until the trace store is there. */
export async function servePlaceholder(signal: AbortSignal, onReady: () => void): Promise<void> {
  const { HOST, OTLP_PORT, JAEGER_API_PORT } = env();
  const servers = [OTLP_PORT, JAEGER_API_PORT].map((port) =>
    http.createServer((_request, response) => response.writeHead(503, { "retry-after": "5" }).end()).listen(port, HOST),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  onReady();
  if (!signal.aborted) await once(signal, "abort");
  for (const server of servers) server.close();
}
