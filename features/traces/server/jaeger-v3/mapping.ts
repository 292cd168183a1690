import { SPAN_KINDS, type SpanKind } from "@/features/traces/domain/trace-skeleton";
import type { SourceSearch, SourceSummary } from "../trace-source";
import type { V3Summary } from "./schemas";

/**
 * Jaeger's summary in our words. A trace without an end lasts 0. Where the source tells that clocks disagree, a trace starts
 * with its root and is as long as it is with them put right.
 */
export function toSummary(summary: V3Summary): SourceSummary {
  const {
    rootStartTimeUnixNano: rootStartUs,
    rootEndTimeUnixNano: rootEndUs,
    clocksApartNano: clocksApartUs,
  } = summary;
  const startUs = (clocksApartUs === undefined ? undefined : rootStartUs) ?? summary.minStartTimeUnixNano;
  const { lengthNano: durationUs = summary.maxEndTimeUnixNano - startUs, versions, requests } = summary;
  return {
    traceId: summary.traceId.toLowerCase().padStart(32, "0"),
    rootService: summary.rootServiceName,
    rootOperation: summary.rootOperationName,
    startUs,
    durationUs: Math.max(0, durationUs),
    ...(rootStartUs === undefined || rootEndUs === undefined ? {} : { requestUs: rootEndUs - rootStartUs }),
    ...(clocksApartUs === undefined ? {} : { clocksApartUs }),
    ...(versions.length === 0 ? {} : { versions }),
    ...(requests === undefined ? {} : { requests, isRootFailed: summary.isRootFailed }),
    spanCount: summary.spanCount,
    errorSpanCount: summary.errorSpanCount,
    orphanSpanCount: summary.orphanSpanCount,
    services: summary.services,
  };
}

/** The query of `/api/v3/trace-summaries`. */
export function toV3Params(search: SourceSearch): URLSearchParams {
  const params = new URLSearchParams({
    "query.startTimeMin": toRfc3339(search.startUs),
    "query.startTimeMax": toRfc3339(search.endUs),
    "query.searchDepth": String(search.depth),
  });
  if (search.service !== undefined) params.set("query.serviceName", search.service);
  if (search.operation !== undefined) params.set("query.operationName", search.operation);
  if (search.minDurationUs !== undefined) params.set("query.durationMin", `${search.minDurationUs}us`);
  if (Object.keys(search.attributes).length > 0) params.set("query.attributes", JSON.stringify(search.attributes));
  return params;
}

/** "server" and the like; what Jaeger does not say is unspecified. */
export function toSpanKind(text: string): SpanKind {
  return SPAN_KINDS.find((kind) => kind === text.toLowerCase()) ?? "unspecified";
}

function toRfc3339(epochUs: number): string {
  const micros = String(Math.floor(epochUs) % 1000).padStart(3, "0");
  return new Date(Math.floor(epochUs / 1000)).toISOString().replace("Z", `${micros}Z`);
}
