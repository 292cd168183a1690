import { queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import {
  matchingRunbooksSchema,
  type RunbookAim,
  type RunbookQuery,
  type RunQuery,
  runbookListSchema,
  runChecksSchema,
  runListSchema,
} from "./contract";

/** Rungs to invalidate by. */
export const runbookKeys = {
  all: ["runbooks"] as const,
  list: (query: Partial<RunbookQuery>) => [...runbookKeys.all, "list", query] as const,
  matching: (aim: RunbookAim) => [...runbookKeys.all, "matching", aim] as const,
};
export const runKeys = {
  all: ["runs"] as const,
  list: (query: Partial<RunQuery>) => [...runKeys.all, "list", query] as const,
};

/** The list of runbooks. Folders are read every 5 s by the worker; asking more often would show nothing new. */
export function runbookListQuery(query: Partial<RunbookQuery>) {
  return queryOptions({
    queryKey: runbookKeys.list(query),
    queryFn: ({ signal }) => apiFetch(`/api/runbooks${toSearch(query)}`, { schema: runbookListSchema, signal }),
    staleTime: 5000,
    refetchInterval: 5000,
  });
}

/** Runbooks for a service, an operation or a finding; files change rarely while somebody reads a trace. */
export function matchingRunbooksQuery(aim: RunbookAim) {
  return queryOptions({
    queryKey: runbookKeys.matching(aim),
    queryFn: ({ signal }) =>
      apiFetch(`/api/runbooks/matching${toSearch(aim)}`, { schema: matchingRunbooksSchema, signal }),
    staleTime: 30_000,
  });
}

/** Runs, newest first; people tick while others look at the list. */
export function runListQuery(query: Partial<RunQuery>) {
  return queryOptions({
    queryKey: runKeys.list(query),
    queryFn: ({ signal }) => apiFetch(`/api/runs${toSearch(query)}`, { schema: runListSchema, signal }),
    staleTime: 2000,
    refetchInterval: 3000,
  });
}

/** What the checks of a run found; asked while it is followed, as often as the quickest check can be. */
export function runChecksQuery(runId: string) {
  return queryOptions({
    queryKey: [...runKeys.all, "checks", runId] as const,
    queryFn: ({ signal }) => apiFetch(`/api/runs/${runId}/checks`, { schema: runChecksSchema, signal }),
    staleTime: 2000,
    refetchInterval: 5000,
  });
}

function toSearch(query: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(key, String(value));
  return search.size === 0 ? "" : `?${search}`;
}
