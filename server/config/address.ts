import { AppError } from "@/lib/errors";
import { type Env, env } from "./env";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);
const EVERY_ADDRESS = new Set(["0.0.0.0", "::"]);

/** The console's own URL, as printed and as linked. */
export const consoleUrl = ({ HOST, PORT }: Pick<Env, "HOST" | "PORT"> = env()): string =>
  ownUrl(PORT, EVERY_ADDRESS.has(HOST) ? "127.0.0.1" : HOST);

/**
 * Where the collector listens. It has no sign-in: a console that others may reach keeps it on loopback, and an
 * OpenTelemetry collector on this machine takes spans from elsewhere.
 */
export const collectorHost = ({ HOST }: Pick<Env, "HOST"> = env()): string => (LOOPBACK.has(HOST) ? HOST : "127.0.0.1");

/** Where our own collector takes spans. */
export const otlpUrl = (): string => ownUrl(env().OTLP_PORT);

/** Where our own collector serves Jaeger's query API. */
export const jaegerApiUrl = (): string => ownUrl(env().JAEGER_API_PORT);

function ownUrl(port: number, host = collectorHost()): string {
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

type HostSettings = Pick<Env, "HOST" | "PORT" | "OPS_AUTH" | "OPS_PUBLIC_ORIGIN">;

/** Refuses an address that others can reach, unless people sign in, over TLS: else whoever reaches it commands it. */
export function assertSafeHost({ HOST, PORT, OPS_AUTH, OPS_PUBLIC_ORIGIN }: HostSettings = env()): void {
  if (LOOPBACK.has(HOST)) return;
  if (OPS_AUTH === undefined) {
    throw new AppError(
      "unsupported",
      `HOST=${HOST} would open the console to other machines without sign-in. Leave HOST unset and reach it with: ssh -L ${PORT}:127.0.0.1:${PORT} <this machine>; or set OPS_AUTH (docs/sign-in.md).`,
    );
  }
  if (OPS_PUBLIC_ORIGIN?.startsWith("https://")) return;
  throw new AppError(
    "unsupported",
    `HOST=${HOST} opens the console to other machines: set OPS_PUBLIC_ORIGIN to the https:// address people open, which a proxy with TLS serves (docs/sign-in.md).`,
  );
}
