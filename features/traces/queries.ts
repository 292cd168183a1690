import { queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import type { TimeRangeParams } from "@/lib/time-range";
import { MS_PER_SECOND } from "@/lib/units";
import {
  type DownloadFormat,
  operationsReplySchema,
  servicesReplySchema,
  spanDetailSchema,
  type TraceFacts,
  type TraceOrigin,
  traceReplySchema,
  traceSourceStatusSchema,
  type UploadReply,
  uploadReplySchema,
} from "./contract";
import type { SearchCriteria } from "./domain/search-form";
import { decodeSkeleton } from "./domain/skeleton-wire";
import type { TraceSkeleton } from "./domain/trace-skeleton";

/** Keys are a ladder: invalidate by rung. */
export const traceKeys = {
  all: ["traces"] as const,
  /** A relative range has one key however the clock moves. */
  search: (criteria: SearchCriteria, range: TimeRangeParams, leavesOutOwn: boolean) =>
    [...traceKeys.all, "search", criteria, range, leavesOutOwn] as const,
  detail: (traceId: string) => [...traceKeys.all, "detail", traceId] as const,
  span: (traceId: string, span: string, version: string) =>
    [...traceKeys.detail(traceId), "span", span, version] as const,
  services: () => [...traceKeys.all, "services"] as const,
  operations: (service: string) => [...traceKeys.all, "operations", service] as const,
  source: () => [...traceKeys.all, "source"] as const,
};

/** A trace as the page holds it: columns unpacked. */
export type Trace = {
  traceId: string;
  version: string;
  facts: TraceFacts;
  skeleton: TraceSkeleton;
  origin: TraceOrigin;
};

/** A whole trace. A settled one never changes; one that may still grow is asked for again every 5 s. */
export function traceQuery(traceId: string) {
  return queryOptions({
    queryKey: traceKeys.detail(traceId),
    queryFn: async ({ signal }): Promise<Trace> => {
      const path = `/api/traces/${encodeURIComponent(traceId)}`;
      const { columns, ...rest } = await apiFetch(path, { schema: traceReplySchema, signal });
      return { ...rest, skeleton: decodeSkeleton(columns) };
    },
    staleTime: ({ state }) => (state.data?.facts.isSettled === false ? 5 * MS_PER_SECOND : Number.POSITIVE_INFINITY),
    refetchInterval: ({ state }) => (state.data?.facts.isSettled === false ? 5 * MS_PER_SECOND : false),
    // Typed arrays must not be compared and merged value by value.
    structuralSharing: false,
  });
}

/** One span in full. `span` is its id, or `at-ROW` for a row of the skeleton of this `version`. */
export function spanQuery({ traceId, span, version }: { traceId: string; span: string; version: string }) {
  const search = new URLSearchParams({ version });
  return queryOptions({
    queryKey: traceKeys.span(traceId, span, version),
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/${encodeURIComponent(traceId)}/spans/${span}?${search}`, {
        schema: spanDetailSchema,
        signal,
      }),
    // The version is in the key; what it names never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Names of the services that have sent spans; a deploy adds one rarely. */
export function servicesQuery() {
  return queryOptions({
    queryKey: traceKeys.services(),
    queryFn: async ({ signal }) => (await apiFetch("/api/services", { schema: servicesReplySchema, signal })).services,
    staleTime: 60 * MS_PER_SECOND,
  });
}

/** Operations of one service; an empty name asks nothing and has none. */
export function operationsQuery(service: string) {
  return queryOptions({
    queryKey: traceKeys.operations(service),
    queryFn: async ({ signal }) =>
      (
        await apiFetch(`/api/services/${encodeURIComponent(service)}/operations`, {
          schema: operationsReplySchema,
          signal,
        })
      ).operations,
    enabled: service !== "",
    staleTime: 60 * MS_PER_SECOND,
  });
}

/** Health of the trace source, for the top bar; asked again every 10 s, the pace at which the server itself looks. */
export function traceSourceQuery() {
  return queryOptions({
    queryKey: traceKeys.source(),
    queryFn: ({ signal }) => apiFetch("/api/trace-source", { schema: traceSourceStatusSchema, signal }),
    staleTime: 10 * MS_PER_SECOND,
    refetchInterval: 10 * MS_PER_SECOND,
  });
}

/** Where the browser downloads a trace from. */
export function traceDownloadUrl(traceId: string, format: DownloadFormat): string {
  return `/api/traces/${encodeURIComponent(traceId)}/download?format=${format}`;
}

/** Sends a trace file (OTLP or Jaeger JSON, gzip or plain); resolves to what it held. */
export function uploadTrace(file: File, signal?: AbortSignal): Promise<UploadReply> {
  return apiFetch(`/api/traces/upload?${new URLSearchParams({ fileName: file.name.slice(0, 200) })}`, {
    schema: uploadReplySchema,
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: file,
    ...(signal === undefined ? {} : { signal }),
  });
}
