import { traceLength } from "@/lib/trace-length";
import { findRoot, requestStartUs } from "./trace-facts";
import type { TraceSkeleton } from "./trace-skeleton";
import type { TraceSummary } from "./trace-summary";

type Length = Pick<TraceSummary, "startUs" | "durationUs" | "requestUs" | "clocksApartUs">;

/**
 * When a trace starts and how long it and its request are: the numbers that lists and rankings have, so that a trace says
 * the same of itself on its own page.
 */
export function lengthOf(trace: TraceSkeleton): Length {
  const root = findRoot(trace);
  const request = root === undefined ? {} : { requestUs: trace.spanDurationUs[root] ?? 0 };
  const { lengthUs, clocksApartUs } = traceLength({
    parent: trace.parent,
    startUs: trace.spanStartUs,
    durationUs: trace.spanDurationUs,
    service: trace.serviceIndex,
    kind: trace.kind,
  });
  if (clocksApartUs === 0) return { startUs: trace.startUs, durationUs: trace.durationUs, ...request };
  return { startUs: requestStartUs(trace), durationUs: Math.round(lengthUs), ...request, clocksApartUs };
}
