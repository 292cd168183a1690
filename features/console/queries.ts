import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import * as z from "zod/mini";
import { apiFetch } from "@/lib/api";
import { healthSchema, processesSchema } from "@/lib/console-contract";
import { type TimeRangeParams, toTimeWindow } from "@/lib/time-range";
import { US_PER_MS } from "@/lib/units";
import {
  type ActivityFilter,
  activityReplySchema,
  alertsReplySchema,
  receiversReplySchema,
  viewerSchema,
} from "./contract";
import { isLate } from "./domain/component-health";
import {
  deployListSchema,
  runbookListSchema,
  runListSchema,
  type S3Migration,
  type Sample,
  s3MigrationListSchema,
  sampleSchema,
  traceDigestSchema,
  traceSourceSchema,
} from "./domain/neighbours";
import { toTraceDigest } from "./domain/trace-digest";

export const consoleKeys = {
  all: ["console"] as const,
  health: () => [...consoleKeys.all, "health"] as const,
  processes: () => [...consoleKeys.all, "processes"] as const,
  traceSource: () => [...consoleKeys.all, "trace-source"] as const,
  traces: (range: TimeRangeParams) => [...consoleKeys.all, "traces", range] as const,
  deploys: (range: TimeRangeParams) => [...consoleKeys.all, "deploys", range] as const,
  s3Migrations: () => [...consoleKeys.all, "s3-migrations"] as const,
  runs: () => [...consoleKeys.all, "runs"] as const,
  runbooks: () => [...consoleKeys.all, "runbooks"] as const,
  sample: () => [...consoleKeys.all, "sample"] as const,
  activity: (filter: ActivityFilter = {}) => [...consoleKeys.all, "activity", filter] as const,
  alerts: () => [...consoleKeys.all, "alerts"] as const,
  receivers: () => [...consoleKeys.all, "receivers"] as const,
  viewer: () => [...consoleKeys.all, "viewer"] as const,
};

/** A console that is down says so with a 503, in the same words. */
export const healthQuery = queryOptions({
  queryKey: consoleKeys.health(),
  queryFn: ({ signal }) => apiFetch("/api/health", { schema: healthSchema, readAlso: [503], signal }),
  // What is late now is there again, or known to be missing, in a moment.
  refetchInterval: ({ state }) => (isLate(state.data) ? 1000 : 4000),
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
  // What is said of one that is down should not outlive its trouble.
  refetchInterval: ({ state }) => (state.data?.state === "down" ? 2000 : 10_000),
});

/** What all traces of a window say together; a relative window moves with each read. */
export const tracesQuery = (range: TimeRangeParams) =>
  queryOptions({
    queryKey: consoleKeys.traces(range),
    queryFn: async ({ signal }) => {
      const window = toTimeWindow(range, Date.now());
      const query = new URLSearchParams({ start: String(window.fromMs), end: String(window.toMs) });
      const reply = await apiFetch(`/api/traces/digest?${query}`, { schema: traceDigestSchema, signal });
      return { window, digest: toTraceDigest(reply) };
    },
    // While the window is still being read, its figures grow; and a source that fails may be back at any time.
    refetchInterval: ({ state }) => {
      const { isGoing = false, isFailing = false } = state.data?.digest.read ?? {};
      return isGoing || isFailing ? 2000 : 15_000;
    },
  });

/** Deploys of the window, reported or read off the versions of traces. */
export const deploysQuery = (range: TimeRangeParams) =>
  queryOptions({
    queryKey: consoleKeys.deploys(range),
    queryFn: async ({ signal }) => {
      const window = toTimeWindow(range, Date.now());
      const query = new URLSearchParams({ start: String(window.fromMs), end: String(window.toMs) });
      const { deploys } = await apiFetch(`/api/deploys?${query}`, { schema: deployListSchema, signal });
      return deploys.map(({ atUs, ...deploy }) => ({ ...deploy, atMs: atUs / US_PER_MS }));
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

/** Who did what, newest first, as far as the filter lets it through. */
export const activityQuery = (filter: ActivityFilter = {}) =>
  infiniteQueryOptions({
    queryKey: consoleKeys.activity(filter),
    queryFn: ({ pageParam, signal }) =>
      apiFetch(`/api/activity?${toActivitySearch(filter, { limit: "50", ...pageParam })}`, {
        schema: activityReplySchema,
        signal,
      }),
    initialPageParam: {} as { before?: string },
    getNextPageParam: ({ nextBefore }) => (nextBefore === null ? undefined : { before: String(nextBefore) }),
  });

/** The same filter as a file. */
export const activityExportUrl = (filter: ActivityFilter, format: "csv" | "jsonl"): string =>
  `/api/activity/export?${toActivitySearch(filter, { format })}`;

function toActivitySearch(filter: ActivityFilter, more: Record<string, string>): URLSearchParams {
  const search = new URLSearchParams(more);
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) search.set(name, value);
  return search;
}

export const alertsQuery = queryOptions({
  queryKey: consoleKeys.alerts(),
  queryFn: ({ signal }) => apiFetch("/api/alerts", { schema: alertsReplySchema, signal }),
  refetchInterval: 5000,
});

/** Everything up to this alert is read by the person at this browser. */
export const markAlertsRead = (upTo: number) =>
  apiFetch("/api/alerts/read", { method: "PUT", json: { upTo }, schema: alertsReplySchema });

/** Where alerts go beside the console. */
export const receiversQuery = queryOptions({
  queryKey: consoleKeys.receivers(),
  queryFn: ({ signal }) => apiFetch("/api/alerts/receivers", { schema: receiversReplySchema, signal }),
  refetchInterval: 5000,
});

export const sendTestAlert = () => apiFetch("/api/alerts/test", { method: "POST", schema: receiversReplySchema });

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
