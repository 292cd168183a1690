import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import { packFile } from "@/lib/pack-file";
import type { TimeRangeParams } from "@/lib/time-range";
import { MS_PER_SECOND } from "@/lib/units";
import {
  attributeMatchesSchema,
  type DownloadFormat,
  factsReplySchema,
  operationsReplySchema,
  servicesReplySchema,
  similarCallsSchema,
  spanDetailSchema,
  type TraceFacts,
  type TraceOrigin,
  traceReplySchema,
  traceSourceStatusSchema,
  type UploadReply,
  uploadReplySchema,
  usualReplySchema,
} from "./contract";
import { findingsReplySchema } from "./domain/diagnosis/finding";
import type { SearchCriteria } from "./domain/search-form";
import { decodeSkeleton } from "./domain/skeleton-wire";
import type { TraceSkeleton } from "./domain/trace-skeleton";
import { type AttributeTerm, unpackMarks } from "./domain/waterfall/attribute-matches";

/** Keys are a ladder: invalidate by rung. */
export const traceKeys = {
  all: ["traces"] as const,
  /** A relative range has one key however the clock moves. */
  search: (criteria: SearchCriteria, range: TimeRangeParams, leavesOutOwn: boolean) =>
    [...traceKeys.all, "search", criteria, range, leavesOutOwn] as const,
  facts: (asked: object) => [...traceKeys.all, "facts", asked] as const,
  points: (asked: object) => [...traceKeys.all, "points", asked] as const,
  ranking: (asked: object) => [...traceKeys.all, "ranking", asked] as const,
  bubbleUp: (asked: object) => [...traceKeys.all, "bubble-up", asked] as const,
  completions: (asked: object) => [...traceKeys.all, "completions", asked] as const,
  plotDeploys: (asked: object) => [...traceKeys.all, "plot-deploys", asked] as const,
  savedSearches: () => [...traceKeys.all, "saved-searches"] as const,
  firstCause: (traceId: string) => [...traceKeys.detail(traceId), "first-cause"] as const,
  detail: (traceId: string) => [...traceKeys.all, "detail", traceId] as const,
  span: (traceId: string, span: string, version: string) =>
    [...traceKeys.detail(traceId), "span", span, version] as const,
  findings: (traceId: string, version: string) => [...traceKeys.detail(traceId), "findings", version] as const,
  usual: (traceId: string, version: string) => [...traceKeys.detail(traceId), "usual", version] as const,
  rank: (traceId: string, version: string) => [...traceKeys.detail(traceId), "rank", version] as const,
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

/** Where a whole trace is asked for; its page names it before any code runs. */
export const traceUrl = (traceId: string): string => `/api/traces/${encodeURIComponent(traceId)}`;

/** A whole trace. A settled one never changes; one that may still grow is asked for again every 5 s. */
export function traceQuery(traceId: string) {
  return queryOptions({
    queryKey: traceKeys.detail(traceId),
    queryFn: async ({ signal }): Promise<Trace> => {
      const { columns, ...rest } = await apiFetch(traceUrl(traceId), { schema: traceReplySchema, signal });
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

type TraceVersion = { traceId: string; version: string };

type MatchesInput = TraceVersion & { spanCount: number; term: AttributeTerm };

/** Spans of a trace that have an attribute, a mark a row. */
export function attributeMatchesQuery({ traceId, version, spanCount, term }: MatchesInput) {
  const search = new URLSearchParams({ ...term, version });
  return queryOptions({
    queryKey: [...traceKeys.detail(traceId), "matches", version, term] as const,
    queryFn: async ({ signal }) => {
      const path = `/api/traces/${encodeURIComponent(traceId)}/matches?${search}`;
      const { rows, count, isWhole } = await apiFetch(path, { schema: attributeMatchesSchema, signal });
      return { marks: unpackMarks(rows, spanCount), count, isWhole };
    },
    // The version is in the key; what it names never changes.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

/** Why a trace took its time. What was found for an earlier version stays until the answer for this one is there. */
export function findingsQuery({ traceId, version }: TraceVersion) {
  return queryOptions({
    queryKey: traceKeys.findings(traceId, version),
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/${encodeURIComponent(traceId)}/findings`, { schema: findingsReplySchema, signal }),
    placeholderData: keepPreviousData,
    // The version is in the key; what is usual beside it changes slowly.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is usual of the trace's operation. While a newer sample is being read, it is asked for again every 5 s. */
export function usualQuery({ traceId, version }: TraceVersion) {
  return queryOptions({
    queryKey: traceKeys.usual(traceId, version),
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/${encodeURIComponent(traceId)}/usual`, { schema: usualReplySchema, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.baseline.isRefreshing === true ? 5 * MS_PER_SECOND : false),
    staleTime: 60 * MS_PER_SECOND,
  });
}

/** Requests of the same operation in a window, and how many of them were slower. */
export type TraceRank = { count: number; slowerCount: number; isWhole: boolean };
type RankInput = TraceVersion & {
  rootService: string;
  operation: string;
  /** How long its caller waited. */
  requestUs: number;
  window: { startMs: number; endMs: number };
};

/** Where a trace stands among those of its operation around it, by the summaries held. */
export function rankQuery({ traceId, version, rootService, operation, requestUs, window }: RankInput) {
  const ask = (extra: Record<string, string>, signal: AbortSignal) => {
    const search = new URLSearchParams({
      rootService,
      operation,
      start: String(window.startMs),
      end: String(window.endMs),
      limit: "1",
      ...extra,
    });
    return apiFetch(`/api/traces/facts?${search}`, { schema: factsReplySchema, signal });
  };
  return queryOptions({
    queryKey: traceKeys.rank(traceId, version),
    queryFn: async ({ signal }): Promise<TraceRank> => {
      const [all, slower] = await Promise.all([
        ask({}, signal),
        ask({ minRequestUs: String(Math.round(requestUs) + 1) }, signal),
      ]);
      const isWhole = all.coverage.complete >= 1 && all.coverage.truncatedCount === 0;
      return { count: all.totals.count, slowerCount: slower.totals.count, isWhole };
    },
    enabled: rootService !== "" && operation !== "",
    // What is not held yet is fetched while somebody asks.
    refetchInterval: ({ state }) => (state.data?.isWhole === false ? 10 * MS_PER_SECOND : false),
    staleTime: 60 * MS_PER_SECOND,
  });
}

/** The services that have sent spans, and whether the source told them just now. A deploy adds one rarely. */
export function servicesReplyQuery() {
  return queryOptions({
    queryKey: traceKeys.services(),
    queryFn: ({ signal }) => apiFetch("/api/services", { schema: servicesReplySchema, signal }),
    staleTime: ({ state }) => (state.data?.unheard == null ? 60 * MS_PER_SECOND : 0),
    refetchInterval: ({ state }) =>
      state.data?.unheard != null || state.status === "error" ? 10 * MS_PER_SECOND : false,
  });
}

/** Their names alone. */
export function servicesQuery() {
  return queryOptions({ ...servicesReplyQuery(), select: ({ services }) => services });
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
    // What is said of one that is down should not outlive its trouble.
    refetchInterval: ({ state }) => (state.data?.state === "down" ? 2 : 10) * MS_PER_SECOND,
  });
}

/** Where the browser downloads a trace from. */
export function traceDownloadUrl(traceId: string, format: DownloadFormat): string {
  return `/api/traces/${encodeURIComponent(traceId)}/download?format=${format}`;
}

/** Sends a trace file (OTLP or Jaeger JSON, gzip or plain), packed; resolves to what it held. */
export async function uploadTrace(file: File, signal?: AbortSignal): Promise<UploadReply> {
  return apiFetch(`/api/traces/upload?${new URLSearchParams({ fileName: file.name.slice(0, 200) })}`, {
    schema: uploadReplySchema,
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: await packFile(file),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** How a span's attributes compare with those of the similar calls beside it. */
export function similarCallsQuery({ traceId, span, version }: { traceId: string; span: string; version: string }) {
  const search = new URLSearchParams({ version });
  return queryOptions({
    queryKey: [...traceKeys.span(traceId, span, version), "similar"] as const,
    queryFn: ({ signal }) =>
      apiFetch(`/api/traces/${encodeURIComponent(traceId)}/spans/${span}/similar?${search}`, {
        schema: similarCallsSchema,
        signal,
      }),
    // The version is in the key; what it names never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
