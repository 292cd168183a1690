import { AppError } from "@/lib/errors";
import { type Env, env } from "./env";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** The console's own URL, as printed and as linked. */
export const consoleUrl = ({ HOST, PORT }: Pick<Env, "HOST" | "PORT"> = env()): string => ownUrl(PORT, HOST);

/** Where our own collector takes spans. */
export const otlpUrl = (): string => ownUrl(env().OTLP_PORT);

/** Where our own collector serves Jaeger's query API. */
export const jaegerApiUrl = (): string => ownUrl(env().JAEGER_API_PORT);

function ownUrl(port: number, host = env().HOST): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Whether the trace source is surely the collector that shares our database: nobody set an address. One that somebody set
 * may still be ours, which only asking it tells (server/processes/embedded-collector.ts).
 */
export function isCollectorOurs(): boolean {
  const { JAEGER_URL, OPS_FOUND_SETTINGS = [] } = env();
  return JAEGER_URL === undefined || OPS_FOUND_SETTINGS.includes("JAEGER_URL");
}

/** Refuses an address others can reach: there is no sign-in yet, so whoever reaches the console commands it. */
export function assertLoopbackHost({ HOST, PORT }: Pick<Env, "HOST" | "PORT"> = env()): void {
  if (LOOPBACK.has(HOST)) return;
  throw new AppError(
    "unsupported",
    `HOST=${HOST} would open the console to other machines, and it has no sign-in yet. Leave HOST unset and reach it with: ssh -L ${PORT}:127.0.0.1:${PORT} <this machine>`,
  );
}
