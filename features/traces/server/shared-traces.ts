import { MS_PER_SECOND } from "@/lib/units";
import { isCollectorOurs, jaegerApiUrl } from "@/server/config/address";
import { env } from "@/server/config/env";
import { FactTable } from "./facts/fact-table";
import { JaegerSource } from "./jaeger/jaeger-source";
import { TraceLibrary } from "./trace-library";

type SharedTraces = { source: JaegerSource; library: TraceLibrary; facts: FactTable };
type Shared = { opsTraces?: SharedTraces };
// Next evaluates route handlers as several module graphs: breaker, queue and cache are one per process.
const shared = globalThis as typeof globalThis & Shared;

/** The trace source of this process, made at first use from `JAEGER_URL`; our own collector when that is unset. */
export function sharedTraces(): SharedTraces {
  if (shared.opsTraces === undefined) {
    const { JAEGER_URL, JAEGER_HEADERS, OPS_TRACE_RETENTION_HOURS, OPS_TRACE_MAX_BYTES } = env();
    const source = new JaegerSource({
      url: JAEGER_URL ?? jaegerApiUrl(),
      headers: JAEGER_HEADERS,
      // Who set no JAEGER_URL has no Jaeger, and would look for one.
      called: isCollectorOurs() ? "The console's own collector" : undefined,
      // It is on this machine and started again within seconds; nobody is hurt by asking it sooner.
      limits: isCollectorOurs() ? { openForMs: 2 * MS_PER_SECOND } : {},
    });
    const library = new TraceLibrary(source, { maxTraceBytes: OPS_TRACE_MAX_BYTES });
    const facts = new FactTable({
      source,
      library,
      keepHours: OPS_TRACE_RETENTION_HOURS,
      tellsLateSpans: isCollectorOurs(),
    });
    shared.opsTraces = { source, library, facts };
  }
  return shared.opsTraces;
}
