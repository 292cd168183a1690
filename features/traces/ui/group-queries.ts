import { queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import { type TimeRangeParams, type TimeWindow, toTimeWindow } from "@/lib/time-range";
import { MS_PER_SECOND } from "@/lib/units";
import {
  type CompareReply,
  compareReplySchema,
  criticalPathReplySchema,
  type Deploy,
  deploysReplySchema,
  type RedQuery,
  redReplySchema,
  serviceMapReplySchema,
  slowestResultSchema,
} from "../contract";
import { traceKeys } from "../queries";

/** Rungs below `traceKeys.all`: what is asked of many traces together. */
const groupKeys = {
  compare: (before: string, after: string) => [...traceKeys.all, "compare", before, after] as const,
  deploys: (service: string) => [...traceKeys.all, "deploys", service] as const,
  red: (service: string, range: TimeRangeParams, against: RedQuery["against"]) =>
    [...traceKeys.all, "red", service, range, against] as const,
  map: (range: TimeRangeParams) => [...traceKeys.all, "map", range] as const,
  criticalPath: (of: SlowTracesOf) => [...traceKeys.all, "critical-path", of] as const,
  slowest: (of: SlowTracesOf) => [...traceKeys.all, "slowest-few", of] as const,
};

/** Both sides as an address has them. What they name is in the past or asked for by a fixed window: read once. */
export function compareQuery(before: string, after: string) {
  return queryOptions({
    queryKey: groupKeys.compare(before, after),
    queryFn: ({ signal }): Promise<CompareReply> =>
      apiFetch(`/api/traces/compare?${new URLSearchParams({ before, after })}`, { schema: compareReplySchema, signal }),
    staleTime: 5 * 60 * MS_PER_SECOND,
    // A thousand ticks a side: comparing them one by one costs more than drawing them.
    structuralSharing: false,
  });
}

/** Deploys of a service, newest first; an empty name asks nothing. */
export function deploysQuery(service: string) {
  return queryOptions({
    queryKey: groupKeys.deploys(service),
    queryFn: async ({ signal }): Promise<Deploy[]> =>
      (await apiFetch(`/api/deploys?${new URLSearchParams({ service })}`, { schema: deploysReplySchema, signal }))
        .deploys,
    enabled: service !== "",
    staleTime: 15 * MS_PER_SECOND,
  });
}

const EVERY_MS = 15 * MS_PER_SECOND;

/** Rate, errors and durations of a service. A relative range moves on with every read. */
export function redQuery(service: string, range: TimeRangeParams, against: RedQuery["against"]) {
  return queryOptions({
    queryKey: groupKeys.red(service, range, against),
    queryFn: ({ signal }) => {
      const search = windowParams(toTimeWindow(range, Date.now()));
      search.set("against", against);
      return apiFetch(`/api/services/${encodeURIComponent(service)}/red?${search}`, { schema: redReplySchema, signal });
    },
    staleTime: EVERY_MS,
    refetchInterval: EVERY_MS,
  });
}

/** Who calls whom. */
export function serviceMapQuery(range: TimeRangeParams) {
  return queryOptions({
    queryKey: groupKeys.map(range),
    queryFn: ({ signal }) =>
      apiFetch(`/api/services/map?${windowParams(toTimeWindow(range, Date.now()))}`, {
        schema: serviceMapReplySchema,
        signal,
      }),
    staleTime: EVERY_MS,
    refetchInterval: EVERY_MS,
  });
}

/** The slowest traces of a service or one of its operations in a window. */
export type SlowTracesOf = { service?: string; operation?: string; range: TimeRangeParams; limit: number };

/** Their critical paths as one flame. */
export function criticalPathQuery(of: SlowTracesOf) {
  return queryOptions({
    queryKey: groupKeys.criticalPath(of),
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/critical-path?${slowParams(of)}`, { schema: criticalPathReplySchema, signal }),
    staleTime: 60 * MS_PER_SECOND,
  });
}

/** The traces themselves, with how surely they are the slowest. */
export function slowestQuery(of: SlowTracesOf) {
  return queryOptions({
    queryKey: groupKeys.slowest(of),
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/slowest?${slowParams(of)}`, {
        schema: slowestResultSchema,
        headers: { accept: "application/json" },
        signal,
      }),
    staleTime: 60 * MS_PER_SECOND,
  });
}

function slowParams({ service, operation, range, limit }: SlowTracesOf): URLSearchParams {
  const search = windowParams(toTimeWindow(range, Date.now()));
  if (service !== undefined && service !== "") search.set("service", service);
  if (operation !== undefined && operation !== "") search.set("operation", operation);
  search.set("limit", String(limit));
  return search;
}

function windowParams({ fromMs, toMs }: TimeWindow): URLSearchParams {
  return new URLSearchParams({ start: String(Math.floor(fromMs)), end: String(Math.ceil(toMs)) });
}
