import { queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import { type TimeRangeParams, type TimeWindow, toTimeWindow } from "@/lib/time-range";
import { MS_PER_SECOND } from "@/lib/units";
import {
  type CompareReply,
  compareReplySchema,
  completionsReplySchema,
  criticalPathReplySchema,
  type Deploy,
  deploysReplySchema,
  factsReplySchema,
  type RedQuery,
  redReplySchema,
  serviceMapReplySchema,
  slowestResultSchema,
} from "../contract";
import type { SearchMeaning } from "../domain/query/query-meaning";
import type { HostSample } from "../domain/service-view/host-rows";
import { traceKeys } from "../queries";

/** Rungs below `traceKeys.all`: what is asked of many traces together. */
const groupKeys = {
  compare: (sides: { before: string; after: string }) => [...traceKeys.all, "compare", sides] as const,
  deploys: (service: string) => [...traceKeys.all, "deploys", service] as const,
  red: (service: string, range: TimeRangeParams, against: RedQuery["against"]) =>
    [...traceKeys.all, "red", service, range, against] as const,
  hosts: (service: string, range: TimeRangeParams) => [...traceKeys.all, "hosts", service, range] as const,
  map: (range: TimeRangeParams) => [...traceKeys.all, "map", range] as const,
  criticalPath: (of: SlowTracesOf) => [...traceKeys.all, "critical-path", of] as const,
  slowest: (of: SlowTracesOf) => [...traceKeys.all, "slowest-few", of] as const,
};

/** Both sides as an address has them. What they name is in the past or asked for by a fixed window: read once. */
export function compareQuery({ before, after }: { before: string; after: string }) {
  return queryOptions({
    queryKey: groupKeys.compare({ before, after }),
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

/** Attributes that name a host, the first that a service's spans have. */
const HOST_KEYS = ["host.name", "k8s.pod.name", "container.id"];
const MAX_HOSTS = 5;

/** Durations of a service's requests host by host, as the source finds them by attribute; few, since each is a search. */
export function hostsQuery(service: string, range: TimeRangeParams) {
  return queryOptions({
    queryKey: groupKeys.hosts(service, range),
    queryFn: async ({ signal }): Promise<HostSample[]> => {
      const { key, hosts } = await findHosts(service, signal);
      if (hosts.length < 2) return [];
      return Promise.all(hosts.map((host) => readHost({ service, key, host, range, signal })));
    },
    staleTime: 60 * MS_PER_SECOND,
    // Which hosts there are is known from traces sampled in the background, which the first question starts.
    refetchInterval: ({ state }) => (state.data?.length === 0 ? EVERY_MS : false),
  });
}

async function findHosts(service: string, signal: AbortSignal): Promise<{ key: string; hosts: string[] }> {
  for (const key of HOST_KEYS) {
    const params = new URLSearchParams({ key, service, limit: String(MAX_HOSTS) });
    const { items } = await apiFetch(`/api/traces/completions?${params}`, { schema: completionsReplySchema, signal });
    const hosts = items.flatMap(({ value }) => value ?? []);
    if (hosts.length > 0) return { key, hosts };
  }
  return { key: "", hosts: [] };
}

type HostQuestion = { service: string; key: string; host: string; range: TimeRangeParams; signal: AbortSignal };

async function readHost({ service, key, host, range, signal }: HostQuestion): Promise<HostSample> {
  const search = windowParams(toTimeWindow(range, Date.now()));
  search.set("rootService", service);
  search.set("attributes", JSON.stringify({ [key]: host }));
  search.set("measure", "request");
  search.set("limit", "1");
  const { totals, quantiles, coverage } = await apiFetch(`/api/traces/facts?${search}`, {
    schema: factsReplySchema,
    signal,
  });
  const { p50Us = 0, p95Us = 0 } = quantiles ?? {};
  return { host, count: totals.count, p50Us, p95Us, isWhole: coverage.join?.isWhole ?? true };
}

/** The slowest traces of a search in a window. */
export type SlowTracesOf = SearchMeaning & { range: TimeRangeParams; limit: number };

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

function slowParams({ range, limit, attributes = {}, ...plain }: SlowTracesOf): URLSearchParams {
  const search = windowParams(toTimeWindow(range, Date.now()));
  for (const [name, value] of Object.entries(plain))
    if (value !== undefined && value !== "") search.set(name, String(value));
  if (Object.keys(attributes).length > 0) search.set("attributes", JSON.stringify(attributes));
  search.set("limit", String(limit));
  return search;
}

function windowParams({ fromMs, toMs }: TimeWindow): URLSearchParams {
  return new URLSearchParams({ start: String(Math.floor(fromMs)), end: String(Math.ceil(toMs)) });
}
