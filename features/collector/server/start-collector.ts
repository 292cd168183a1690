import { once } from "node:events";
import type http from "node:http";
import { AppError, codeOf } from "@/lib/errors";
import { closeCollectorPool } from "./collector-pool-repository";
import { IngestQueue } from "./ingest-queue";
import { IngestTotals } from "./ingest-totals";
import { createJaegerServer } from "./jaeger-server";
import { createOtlpServer } from "./otlp-server";
import { SegmentKeeper } from "./segment-keeper";

export type CollectorOptions = { host: string; otlpPort: number; jaegerApiPort: number };
export type Collector = {
  otlpPort: number;
  jaegerApiPort: number;
  /** Takes no more, stores what was taken, closes. */
  stop: () => Promise<void>;
};

/**
 * Starts the embedded trace source: OTLP in on one port, Jaeger's query API out on the other. Port 0 takes any free one.
 * Resolves when both listen.
 */
export async function startCollector({ host, otlpPort, jaegerApiPort }: CollectorOptions): Promise<Collector> {
  const segments = new SegmentKeeper();
  const queue = new IngestQueue(segments);
  const totals = new IngestTotals();
  const otlp = createOtlpServer({ queue, totals, host });
  const jaeger = createJaegerServer({ host });
  const ports = {
    otlpPort: await listen(otlp, otlpPort, host),
    jaegerApiPort: await listen(jaeger, jaegerApiPort, host),
  };
  segments.start();
  totals.start();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      await Promise.all([close(otlp), close(jaeger)]);
      await queue.drained();
      await queue.stop();
      await totals.stop();
      await segments.stop();
      await closeCollectorPool();
    })();
    return stopping;
  };
  return { ...ports, stop };
}

async function listen(server: http.Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const isTaken = codeOf(cause) === "EADDRINUSE";
    const cure = "Set OTLP_PORT or JAEGER_API_PORT to a free one.";
    throw new AppError(
      "unavailable",
      isTaken ? `Port ${port} is taken. ${cure}` : `Cannot listen on ${host}:${port}.`,
      { cause },
    );
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Lets answers under way finish; idle keep-alive connections end now. */
async function close(server: http.Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const lateTimer = setTimeout(() => server.closeAllConnections(), 8000);
  await closed;
  clearTimeout(lateTimer);
}
