import { isCollectorOurs } from "@/server/config/address";
import { env } from "@/server/config/env";
import { log } from "@/server/log/log";
import { withSpan } from "@/server/telemetry/with-span";
import { isProcessAlive } from "./console-process-repository";

/** On every answer of our collector's query API: the number of its process, which its signs of life tell too. */
export const COLLECTOR_HEADER = "x-ops-console-collector";

const TIMEOUT_MS = 1000;
/** Who answers at an address changes when somebody starts or stops a server there. */
const ASK_EVERY_MS = 15_000;

type Address = { url: string; headers?: Record<string, string> };
type Known = { isOurs: boolean; askedAtMs: number; asking?: Promise<boolean> };
// Next's route handlers are several module graphs: asked once per process.
const shared = globalThis as typeof globalThis & { opsEmbeddedCollector?: Known };

/**
 * Whether traces come from a collector that shares our database. An address that somebody set is asked: the same port may
 * be that of a Jaeger, or of the collector of another console. False while it does not answer.
 */
export async function isCollectorEmbedded(nowMs = Date.now()): Promise<boolean> {
  if (isCollectorOurs()) return true;
  const known = shared.opsEmbeddedCollector;
  if (known !== undefined && nowMs - known.askedAtMs < ASK_EVERY_MS) return known.asking ?? known.isOurs;
  const { JAEGER_URL = "", JAEGER_HEADERS = {} } = env();
  const asking = isOurCollector({ url: JAEGER_URL, headers: JAEGER_HEADERS }).then((isOurs) => {
    shared.opsEmbeddedCollector = { isOurs, askedAtMs: nowMs };
    return isOurs;
  });
  shared.opsEmbeddedCollector = { isOurs: known?.isOurs ?? false, askedAtMs: nowMs, asking };
  return asking;
}

/** The same as far as it is known now, for answers that may not wait; finds out for the next time. */
export function isCollectorKnownEmbedded(): boolean {
  if (isCollectorOurs()) return true;
  void isCollectorEmbedded();
  return shared.opsEmbeddedCollector?.isOurs ?? false;
}

/** Asks who answers at an address; false when nobody does within a second. */
export async function isOurCollector({ url: base, headers = {} }: Address): Promise<boolean> {
  try {
    const pid = await withSpan("collector.identify", {}, async () => {
      const { origin, pathname } = new URL(base);
      const url = `${origin}${pathname.replace(/\/+$/, "")}/api/services`;
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      // No body is asked for, and none is read.
      const response = await fetch(url, { method: "HEAD", headers, redirect: "manual", signal });
      return Number(response.headers.get(COLLECTOR_HEADER));
    });
    return Number.isSafeInteger(pid) && pid > 0 && (await isProcessAlive("collector", pid));
  } catch (error) {
    log().debug({ err: error }, "who answers at JAEGER_URL is not known");
    return false;
  }
}
