"use client";

import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useIsSlow } from "@/components/hooks/use-live-query";
import { apiFetch } from "@/lib/api";
import { mergeNewest } from "@/lib/merge-newest";
import { type TimeRangeParams, type TimeWindow, toTimeWindow } from "@/lib/time-range";
import {
  SEARCH_LIMITS,
  type SearchNote,
  type TraceSearchReply,
  toSearchParams,
  traceSearchReplySchema,
} from "../../contract";
import { depthWithOwn, isOwnService, leaveOutOwn } from "../../domain/own-traces";
import type { SearchCriteria } from "../../domain/search-form";
import { servicesReplyQuery, traceKeys } from "../../queries";

const LIVE_EVERY_MS = 5000;
/** More are not asked one by one: the console's own traces are then few among theirs. */
const MOST_SERVICES = 12;
const FRESH_FOR_MS = 30_000;

/** A search's answer with the window it was asked for, which a relative range alone does not tell. */
export type SearchResult = TraceSearchReply & {
  window: TimeWindow;
  /** The console's own traces that matched and are left out; undefined where none are taken out. */
  ownLeftOut: number | undefined;
};

type SpanSearch = {
  criteria: SearchCriteria;
  range: TimeRangeParams;
  isLive: boolean;
  hasOwn: boolean;
  isEnabled: boolean;
};

/**
 * The traces that Jaeger's own search finds, by their spans. A relative range moves along with every fetch under one key, so that the last answer stays
 * when the source goes down, and its age can be told.
 */
export function useSpanSearch({ criteria, range, isLive, hasOwn, isEnabled }: SpanSearch) {
  const leavesOutOwn = criteria.service === undefined && !hasOwn;
  const client = useQueryClient();
  const queryKey = traceKeys.search(criteria, range, leavesOutOwn);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<SearchResult> => {
      const window = toTimeWindow(range, Date.now());
      const asked = { ...criteria, start: Math.floor(window.fromMs), end: Math.ceil(window.toMs) };
      if (!leavesOutOwn) return { ...(await fetchTraces(asked, signal)), ownLeftOut: undefined, window };
      return { ...(await fetchWithoutOwn(client, asked, signal)), window };
    },
    enabled: isEnabled,
    // New traces arrive all the time, but a list that moves cannot be read; `live` asks for just that.
    staleTime: isLive ? 0 : FRESH_FOR_MS,
    refetchInterval: isLive ? LIVE_EVERY_MS : false,
    placeholderData: keepPreviousData,
  });
  return { ...query, queryKey, isSlow: useIsSlow(queryKey, query.isFetching) };
}

const CUT_NOTE: SearchNote = {
  code: "more_exist",
  text: "More traces match. These are the most recent ones, not the slowest; narrow the search or raise the limit.",
};

type Search = Parameters<typeof toSearchParams>[0] & { limit: number };

const fetchTraces = (search: Search, signal: AbortSignal): Promise<TraceSearchReply> =>
  apiFetch(`/api/traces?${toSearchParams(search)}`, { schema: traceSearchReplySchema, signal });

/** Where the console's own traces take the places of the others, each other service is asked for itself. */
async function fetchWithoutOwn(client: QueryClient, search: Search, signal: AbortSignal) {
  const { limit } = search;
  const reply = await fetchTraces({ ...search, limit: depthWithOwn(limit, SEARCH_LIMITS.max) }, signal);
  const found = withoutOwn(reply, limit);
  if (!reply.truncated || found.summaries.length >= limit) return found;
  const services = (await client.ensureQueryData(servicesReplyQuery())).services.filter((name) => !isOwnService(name));
  if (services.length === 0 || services.length > MOST_SERVICES) return found;
  const replies = await Promise.all(services.map((service) => fetchTraces({ ...search, service }, signal)));
  const merged = mergeNewest(replies, limit);
  const notes = merged.truncated ? reply.notes : reply.notes.filter(({ code }) => code !== CUT_NOTE.code);
  return { ...found, ...merged, notes };
}

/** The console's own traces are noise to whoever looks for an application's; how many were taken out is told. */
function withoutOwn(reply: TraceSearchReply, limit: number): Omit<SearchResult, "window"> {
  const { summaries, ownCount, isCut } = leaveOutOwn(reply.summaries, limit);
  const notes = isCut && !reply.truncated ? [...reply.notes, CUT_NOTE] : reply.notes;
  return { ...reply, summaries, notes, truncated: reply.truncated || isCut, ownLeftOut: ownCount };
}
