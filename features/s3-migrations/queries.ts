import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
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
  type ObjectsQuery,
  type OrphansQuery,
  objectDetailSchema,
  objectsReplySchema,
  orphansReplySchema,
  type Preflight,
  preflightReplySchema,
  reportTokenSchema,
  type S3Command,
  s3MigrationDetailSchema,
  s3MigrationListSchema,
  s3MigrationSnapshotSchema,
  tokenListSchema,
} from "./contract";

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

export const revokeTokenMutation = () => ({
  mutationFn: (id: string) => apiFetch(`${BASE}/tokens/${id}/revoke`, { json: {}, schema: reportTokenSchema }),
});

function toSearch(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return search.toString();
}
