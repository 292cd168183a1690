import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import * as z from "zod/mini";
import { apiFetch, toApiProblem } from "@/lib/api";
import {
  type ChunksReply,
  type CreateS3Migration,
  type CreateToken,
  chunksReplySchema,
  createdTokenSchema,
  type FailuresQuery,
  type FindingsQuery,
  failuresReplySchema,
  findingsReplySchema,
  manifestKeyReplySchema,
  type ObjectsQuery,
  type OrphansQuery,
  objectDetailSchema,
  objectsReplySchema,
  orphansReplySchema,
  type Preflight,
  planReplySchema,
  preflightReplySchema,
  type ReportFormat,
  reportTokenSchema,
  type S3Command,
  s3MigrationDetailSchema,
  s3MigrationListSchema,
  s3MigrationSnapshotSchema,
  tokenListSchema,
  type WatchTask,
} from "./contract";
import type { References } from "./domain/reference-sql";

const BASE = "/api/s3-migrations";
const pathOf = (id: string) => `${BASE}/${encodeURIComponent(id)}`;

/** What the explorer looks for; pages are its own business. */
export type ObjectsFilter = Omit<ObjectsQuery, "cursor" | "order" | "limit">;
/** The page after `cursor`, or the one before it. */
type ObjectsPage = { cursor: number | undefined; order: "asc" | "desc" };
const OBJECTS_AT_ONCE = 200;
const FIRST_PAGE: ObjectsPage = { cursor: undefined, order: "asc" };

/** The ladder of keys; invalidate by rung. */
export const s3MigrationKeys = {
  all: ["s3-migrations"] as const,
  list: () => [...s3MigrationKeys.all, "list"] as const,
  detail: (id: string) => [...s3MigrationKeys.all, "detail", id] as const,
  failures: (id: string, query: FailuresQuery) => [...s3MigrationKeys.detail(id), "failures", query] as const,
  tokens: (externalRef: string) => [...s3MigrationKeys.all, "tokens", externalRef] as const,
  objects: (id: string, query: ObjectsFilter) => [...s3MigrationKeys.detail(id), "objects", query] as const,
  object: (id: string, objectId: number) => [...s3MigrationKeys.detail(id), "object", objectId] as const,
  chunks: (id: string, buckets: number) => [...s3MigrationKeys.detail(id), "chunks", buckets] as const,
};

/** Newest first. Polled: the list shows live rows of several migrations. */
export const s3MigrationListQuery = () =>
  queryOptions({
    queryKey: s3MigrationKeys.list(),
    queryFn: ({ signal }) => apiFetch(BASE, { schema: s3MigrationListSchema, signal }),
    refetchInterval: 3000,
  });

/** Snapshot, chart and commands; the snapshot is replaced by frames of {@link s3MigrationEventsUrl}. */
export const s3MigrationDetailQuery = (id: string) =>
  queryOptions({
    queryKey: s3MigrationKeys.detail(id),
    queryFn: ({ signal }) => apiFetch(pathOf(id), { schema: s3MigrationDetailSchema, signal }),
    // Chart points come every 5 s; the numbers beside them are fed by the event stream, and by this while it is lost.
    staleTime: 5000,
    refetchInterval: 5000,
  });

export const s3FailuresQuery = (id: string, query: FailuresQuery) =>
  queryOptions({
    queryKey: s3MigrationKeys.failures(id, query),
    queryFn: ({ signal }) =>
      apiFetch(`${pathOf(id)}/failures?${toSearch(query)}`, { schema: failuresReplySchema, signal }),
    refetchInterval: 5000,
  });

export const s3FindingsQuery = (id: string, query: FindingsQuery) =>
  queryOptions({
    queryKey: [...s3MigrationKeys.detail(id), "findings", query] as const,
    queryFn: ({ signal }) =>
      apiFetch(`${pathOf(id)}/findings?${toSearch(query)}`, { schema: findingsReplySchema, signal }),
    refetchInterval: 10_000,
  });

/**
 * The inventory from where the filter begins, page by page in both directions. Never read again by itself: a reader who
 * scrolls through thousands of rows keeps them, and asks for newer ones.
 */
export const s3ObjectsQuery = (id: string, filter: ObjectsFilter) =>
  infiniteQueryOptions({
    queryKey: s3MigrationKeys.objects(id, filter),
    queryFn: async ({ signal, pageParam: { cursor, order } }) => {
      const { from, ...rest } = filter;
      // What comes before the first key asked for begins before it.
      const search = toSearch({ ...rest, ...(order === "asc" && { from }), cursor, order, limit: OBJECTS_AT_ONCE });
      const reply = await apiFetch(`${pathOf(id)}/objects?${search}`, { schema: objectsReplySchema, signal });
      return order === "asc" ? reply : { ...reply, objects: reply.objects.reverse() };
    },
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ nextCursor }): ObjectsPage | undefined =>
      nextCursor === null ? undefined : { cursor: nextCursor, order: "asc" },
    // The first page begins at `from`: there may be keys before it. Any page before that says so itself.
    getPreviousPageParam: (first, _pages, { order }): ObjectsPage | undefined => {
      if (order === "desc") return first.nextCursor === null ? undefined : { cursor: first.nextCursor, order };
      const cursor = first.objects[0]?.objectId;
      return filter.from === undefined || cursor === undefined ? undefined : { cursor, order: "desc" };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Everything known of one object. */
export const s3ObjectQuery = (id: string, objectId: number) =>
  queryOptions({
    queryKey: s3MigrationKeys.object(id, objectId),
    queryFn: ({ signal }) => apiFetch(`${pathOf(id)}/objects/${objectId}`, { schema: objectDetailSchema, signal }),
    // It moves while it is worked on, and the reader looks at this one.
    refetchInterval: 3000,
  });

const FAILURES_AT_ONCE = 50;
/** The failures of one cause, page by page. */
export const s3FailurePagesQuery = (id: string, cause: Pick<FailuresQuery, "state" | "errorClass" | "code">) =>
  infiniteQueryOptions({
    queryKey: [...s3MigrationKeys.detail(id), "failure-pages", cause] as const,
    queryFn: ({ signal, pageParam }) => {
      const search = toSearch({ ...cause, cursor: pageParam, limit: FAILURES_AT_ONCE });
      return apiFetch(`${pathOf(id)}/failures?${search}`, { schema: failuresReplySchema, signal });
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // What is retried leaves the list when the command is answered; nothing else does while somebody picks.
    staleTime: 60_000,
  });

/** What was sealed; a 404 until then. It never changes, only the forecasts beside it do. */
export const s3PlanQuery = (id: string) =>
  queryOptions({
    queryKey: [...s3MigrationKeys.detail(id), "plan"] as const,
    queryFn: ({ signal }) => apiFetch(`${pathOf(id)}/plan`, { schema: planReplySchema, signal }),
    staleTime: 60_000,
    retry: false,
  });

/** The public half of the key that signs manifests. */
export const manifestKeyQuery = () =>
  queryOptions({
    queryKey: [...s3MigrationKeys.all, "manifest-key"] as const,
    queryFn: ({ signal }) => apiFetch(`${BASE}/manifest-key`, { schema: manifestKeyReplySchema, signal }),
    // It changes with the data directory alone.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Where a report is fetched from; `page` shows the HTML one instead of saving it. */
export const s3ReportUrl = (id: string, format: ReportFormat, as: "file" | "page" = "file") =>
  `${pathOf(id)}/report?format=${format}${as === "page" ? "&as=page" : ""}`;

/** Where the SQL of references is fetched from. */
export const s3ReferencesUrl = (id: string, file: "apply" | "undo", references: References) =>
  `${pathOf(id)}/references?${toSearch({ file, ...references })}`;

/** Longer than anybody reads on a screen; the file has all of it. */
const SHOWN_SQL_CHARS = 100_000;
/** The SQL as text, its beginning only where it is long. */
export const s3ReferencesQuery = (id: string, file: "apply" | "undo", references: References) =>
  queryOptions({
    queryKey: [...s3MigrationKeys.detail(id), "references", file, references] as const,
    queryFn: async ({ signal }) => {
      const response = await fetch(s3ReferencesUrl(id, file, references), { signal });
      if (!response.ok || response.body === null) throw await toApiProblem(response);
      return readBeginning(response.body, SHOWN_SQL_CHARS);
    },
    // Made of what was proven at that moment: asked for by a press, not by itself.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

async function readBeginning(body: ReadableStream<Uint8Array>, maxChars: number) {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text, isCut: false };
    text += value;
    if (text.length <= maxChars) continue;
    await reader.cancel();
    return { text: text.slice(0, maxChars), isCut: true };
  }
}

/** Keys that only the destination has; they change with a look at both sides alone. */
export const s3OrphansQuery = (id: string, query: OrphansQuery) =>
  queryOptions({
    queryKey: [...s3MigrationKeys.detail(id), "orphans", query] as const,
    queryFn: ({ signal }) =>
      apiFetch(`${pathOf(id)}/orphans?${toSearch(query)}`, { schema: orphansReplySchema, signal }),
    staleTime: 30_000,
  });

export const s3ChunksQuery = (id: string, buckets = 132) =>
  queryOptions({
    queryKey: s3MigrationKeys.chunks(id, buckets),
    queryFn: ({ signal }): Promise<ChunksReply> =>
      apiFetch(`${pathOf(id)}/chunks?buckets=${buckets}`, { schema: chunksReplySchema, signal }),
    refetchInterval: 3000,
  });

/** Server-sent `snapshot` frames of s3MigrationSnapshotSchema, id = version. */
export const s3MigrationEventsUrl = (id: string) => `${pathOf(id)}/events`;

export const createS3MigrationMutation = () => ({
  mutationFn: (input: CreateS3Migration) => apiFetch(BASE, { json: input, schema: s3MigrationSnapshotSchema }),
});

export const s3CommandMutation = (id: string) => ({
  mutationFn: (command: S3Command) =>
    apiFetch(`${pathOf(id)}/commands`, { json: command, schema: s3MigrationSnapshotSchema }),
});

export const preflightMutation = () => ({
  mutationFn: (input: Preflight) => apiFetch(`${BASE}/preflight`, { json: input, schema: preflightReplySchema }),
});

const runbookIdsSchema = z.object({ runbooks: z.array(z.object({ id: z.string() })) });
/** The runbook of the cutover, in whichever source has it; `null` where none does. */
export const cutoverRunbookQuery = () =>
  queryOptions({
    queryKey: [...s3MigrationKeys.all, "cutover-runbook"] as const,
    queryFn: async ({ signal }) => {
      const { runbooks } = await apiFetch("/api/runbooks", { schema: runbookIdsSchema, signal });
      return runbooks.find(({ id }) => id.endsWith("/s3-cutover"))?.id ?? null;
    },
    // Runbooks come by a sync; a cutover takes minutes.
    staleTime: 60_000,
  });

/** Tokens of the job that reports one migration. */
export const reportTokensQuery = (externalRef: string) =>
  queryOptions({
    queryKey: s3MigrationKeys.tokens(externalRef),
    queryFn: ({ signal }) =>
      apiFetch(`${BASE}/tokens?externalRef=${encodeURIComponent(externalRef)}`, { schema: tokenListSchema, signal }),
    // "Last used" moves while the job reports.
    refetchInterval: 10_000,
  });

export const createTokenMutation = () => ({
  mutationFn: (input: CreateToken) => apiFetch(`${BASE}/tokens`, { json: input, schema: createdTokenSchema }),
});

export const watchTaskMutation = () => ({
  mutationFn: (input: WatchTask) => apiFetch(`${BASE}/watched`, { json: input, schema: s3MigrationSnapshotSchema }),
});

export const revokeTokenMutation = () => ({
  mutationFn: (id: string) => apiFetch(`${BASE}/tokens/${id}/revoke`, { json: {}, schema: reportTokenSchema }),
});

function toSearch(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return search.toString();
}
