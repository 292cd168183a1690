import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import * as z from "zod/mini";
import { apiFetch } from "@/lib/api";
import { healthSchema, processesSchema } from "@/lib/console-contract";
import { mergeNewest } from "@/lib/merge-newest";
import { type TimeRangeParams, type TimeWindow, toTimeWindow } from "@/lib/time-range";
import { activityReplySchema, viewerSchema } from "./contract";
import {
  runbookListSchema,
  runListSchema,
  type S3Migration,
  type Sample,
  s3MigrationListSchema,
  sampleSchema,
  serviceNamesSchema,
  type TraceList,
  traceListSchema,
  traceSourceSchema,
} from "./domain/neighbours";
import { digestTraces, isOwnService, isOwnTrace } from "./domain/trace-digest";

/** Enough for the overview's picture, little enough to be read every 15 s. */
const OVERVIEW_TRACES = 500;
const OVERVIEW_BUCKETS = 72;
/** More are not asked one by one: the console's own traces are then few among theirs. */
const MOST_SERVICES = 12;

export const consoleKeys = {
  all: ["console"] as const,
  health: () => [...consoleKeys.all, "health"] as const,
  processes: () => [...consoleKeys.all, "processes"] as const,
  traceSource: () => [...consoleKeys.all, "trace-source"] as const,
  traces: (range: TimeRangeParams) => [...consoleKeys.all, "traces", range] as const,
  s3Migrations: () => [...consoleKeys.all, "s3-migrations"] as const,
  runs: () => [...consoleKeys.all, "runs"] as const,
  runbooks: () => [...consoleKeys.all, "runbooks"] as const,
  sample: () => [...consoleKeys.all, "sample"] as const,
  activity: () => [...consoleKeys.all, "activity"] as const,
  viewer: () => [...consoleKeys.all, "viewer"] as const,
};

/** A console that is down says so with a 503, in the same words. */
export const healthQuery = queryOptions({
  queryKey: consoleKeys.health(),
  queryFn: ({ signal }) => apiFetch("/api/health", { schema: healthSchema, readAlso: [503], signal }),
  refetchInterval: 4000,
  retry: false,
});

export const processesQuery = queryOptions({
  queryKey: consoleKeys.processes(),
  queryFn: ({ signal }) => apiFetch("/api/processes", { schema: processesSchema, signal }),
  refetchInterval: 4000,
});

export const traceSourceQuery = queryOptions({
  queryKey: consoleKeys.traceSource(),
  queryFn: ({ signal }) => apiFetch("/api/trace-source", { schema: traceSourceSchema, signal }),
  refetchInterval: 10_000,
});

function fetchTraces({ fromMs, toMs }: TimeWindow, signal: AbortSignal, service?: string): Promise<TraceList> {
  const query = new URLSearchParams({ start: String(fromMs), end: String(toMs), limit: String(OVERVIEW_TRACES) });
  if (service !== undefined) query.set("service", service);
  return apiFetch(`/api/traces?${query}`, { schema: traceListSchema, signal });
}

/** Where the console's own traces take the places of the others, each other service is asked for itself. */
async function fetchOthersTraces(window: TimeWindow, signal: AbortSignal): Promise<TraceList> {
  const list = await fetchTraces(window, signal);
  if (!list.truncated || !list.summaries.some(isOwnTrace)) return list;
  const { services } = await apiFetch("/api/services", { schema: serviceNamesSchema, signal });
  const others = services.filter((name) => !isOwnService(name));
  if (others.length === 0 || others.length > MOST_SERVICES) return list;
  return mergeNewest(await Promise.all(others.map((name) => fetchTraces(window, signal, name))), OVERVIEW_TRACES);
}

/** The traces of a window, digested; a relative window moves with each read. */
export const tracesQuery = (range: TimeRangeParams) =>
  queryOptions({
    queryKey: consoleKeys.traces(range),
    queryFn: async ({ signal }) => {
      const window = toTimeWindow(range, Date.now());
      const list = await fetchOthersTraces(window, signal);
      return { window, digest: digestTraces(list, window, OVERVIEW_BUCKETS) };
    },
    refetchInterval: 15_000,
  });

export const s3MigrationsQuery = queryOptions({
  queryKey: consoleKeys.s3Migrations(),
  queryFn: ({ signal }) => apiFetch("/api/s3-migrations", { schema: s3MigrationListSchema, signal }),
  refetchInterval: 3000,
});

export const runsQuery = queryOptions({
  queryKey: consoleKeys.runs(),
  queryFn: ({ signal }) => apiFetch("/api/runs?limit=20", { schema: runListSchema, signal }),
  refetchInterval: 5000,
});

export const runbooksQuery = queryOptions({
  queryKey: consoleKeys.runbooks(),
  queryFn: ({ signal }) => apiFetch("/api/runbooks", { schema: runbookListSchema, signal }),
  refetchInterval: 30_000,
});

const isMoving = (sample: Sample | undefined): boolean => sample?.state === "loading" || sample?.state === "removing";

/** Read often only while it changes. */
export const sampleQuery = queryOptions({
  queryKey: consoleKeys.sample(),
  queryFn: ({ signal }) => apiFetch("/api/sample", { schema: sampleSchema, signal }),
  refetchInterval: (query) => (isMoving(query.state.data) ? 1000 : 15_000),
});

export const activityQuery = infiniteQueryOptions({
  queryKey: consoleKeys.activity(),
  queryFn: ({ pageParam, signal }) =>
    apiFetch(`/api/activity?limit=50${pageParam === null ? "" : `&before=${pageParam}`}`, {
      schema: activityReplySchema,
      signal,
    }),
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.nextBefore,
});

export const viewerQuery = queryOptions({
  queryKey: consoleKeys.viewer(),
  queryFn: ({ signal }) => apiFetch("/api/viewer", { schema: viewerSchema, signal }),
  // Changes only by this browser's own settings page.
  staleTime: Number.POSITIVE_INFINITY,
});

/** Starts or removes the sample data; everything on screen may change with it. */
export async function changeSample(client: QueryClient, method: "POST" | "DELETE"): Promise<void> {
  const sample = await apiFetch("/api/sample", { method, schema: sampleSchema });
  client.setQueryData(consoleKeys.sample(), sample);
  await client.invalidateQueries();
}

export async function renameViewer(client: QueryClient, name: string): Promise<void> {
  const viewer = await apiFetch("/api/viewer", { method: "PUT", json: { name }, schema: viewerSchema });
  client.setQueryData(consoleKeys.viewer(), viewer);
}

/** Pauses or resumes a migration as it was seen; one that changed meanwhile refuses. */
export async function commandS3Migration(
  client: QueryClient,
  migration: S3Migration,
  verb: "pause" | "resume",
): Promise<void> {
  await apiFetch(`/api/s3-migrations/${encodeURIComponent(migration.id)}/commands`, {
    json: { verb, idempotencyKey: crypto.randomUUID(), expectedVersion: migration.commandVersion },
    schema: z.unknown(),
  });
  await client.invalidateQueries({ queryKey: consoleKeys.s3Migrations() });
}
