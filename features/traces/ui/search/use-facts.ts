"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useIsSlow } from "@/components/hooks/use-live-query";
import { apiFetch } from "@/lib/api";
import { type TimeRangeParams, type TimeWindow, toTimeWindow } from "@/lib/time-range";
import { MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import { type FactsReply, factsReplySchema, MAX_POINTS, pointsReplySchema } from "../../contract";
import type { FactMeaning } from "../../domain/query/query-meaning";
import type { Brush } from "../../domain/search-view/brush";
import { factSortOf, factsParams, withinBrush } from "../../domain/search-view/facts-request";
import { toPlotPoints, toUsualTimes } from "../../domain/search-view/plot-points";
import type { SummarySort } from "../../domain/summary-order";
import { traceKeys } from "../../queries";

const LIVE_EVERY_MS = 2 * MS_PER_SECOND;
const READING_EVERY_MS = MS_PER_SECOND;
/** A little more than what the server takes for fresh. */
const SETTLE_MS = 5500;
const FAILING_EVERY_MS = 5 * MS_PER_SECOND;
const FRESH_FOR_MS = 30 * MS_PER_SECOND;

export type FactsAsked = {
  meaning: FactMeaning;
  range: TimeRangeParams;
  sort: SummarySort;
  limit: number;
  hasOwn: boolean;
  isLive: boolean;
  /** List only what lies in it; totals are then those of the selection. */
  within: Brush | undefined;
  isEnabled: boolean;
};

type PageParam = { after: string; window: TimeWindow } | undefined;
export type FactsPage = FactsReply & { asked: TimeWindow };

/**
 * Traces out of the fact table, page by page, with totals and pictures. A relative range moves along with every fetch of
 * the first page; the pages after it keep its window. Asked again while the table is filling, and while live; the
 * browser does not ask while the tab is hidden.
 */
export function useFacts({ meaning, range, sort, limit, hasOwn, isLive, within, isEnabled }: FactsAsked) {
  const { sort: column, order } = factSortOf(sort);
  const isReread = useRef(false);
  const queryKey = traceKeys.facts({ meaning, range, column, order, limit, hasOwn, within });
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }): Promise<FactsPage> => {
      const window = pageParam?.window ?? closedWindow(range);
      const asked = within === undefined ? { meaning, window } : withinBrush(meaning, window, within);
      const ask = (reread: boolean) => {
        const params = factsParams(asked.meaning, asked.window, {
          sort: column,
          order,
          limit: String(limit),
          own: hasOwn ? "true" : "",
          after: pageParam?.after ?? "",
          reread: reread ? "true" : "",
        });
        return apiFetch(`/api/traces/facts?${params}`, { schema: factsReplySchema, signal });
      };
      const reread = isReread.current && pageParam === undefined;
      isReread.current = false;
      const reply = await ask(reread);
      // Nothing is said to be there only after a second look: traces may have come after their time was read.
      const isDoubtful = reply.totals.count === 0 && reply.coverage.filling === "done" && !reread;
      return { ...(isDoubtful ? await ask(true) : reply), asked: window };
    },
    initialPageParam: undefined as PageParam,
    getNextPageParam: ({ next, asked }): PageParam => (next === null ? undefined : { after: next, window: asked }),
    enabled: isEnabled,
    staleTime: isLive ? 0 : FRESH_FOR_MS,
    refetchInterval: ({ state }) => {
      if (state.status === "error") return FAILING_EVERY_MS;
      const filling = state.data?.pages[0]?.coverage.filling;
      if (filling === "running" || filling === "waiting") return READING_EVERY_MS;
      if (filling === "failing") return FAILING_EVERY_MS;
      if (isLive) return LIVE_EVERY_MS;
      // The newest part may have been read for somebody else a moment ago: it is asked for once more.
      const isFirst = state.dataUpdateCount === 1 && state.data?.pages[0]?.coverage.unsettledFromUs != null;
      return isFirst ? SETTLE_MS : false;
    },
    placeholderData: keepPreviousData,
  });
  /** Asks again, and has the source read again for it. */
  const reread = () => {
    isReread.current = true;
    void query.refetch();
  };
  return { ...query, queryKey, isSlow: useIsSlow(queryKey, query.isFetching), reread };
}

/** The window of a range up to the last second that is over, so that a second is never listed half. */
function closedWindow(range: TimeRangeParams): TimeWindow {
  return toTimeWindow(range, Math.floor(Date.now() / MS_PER_SECOND) * MS_PER_SECOND);
}

type PointsAsked = { meaning: FactMeaning; hasOwn: boolean; facts: FactsReply | undefined; isEnabled: boolean };

/** The traces of the last answer as points, fetched again when that answer has more of them. */
export function usePoints({ meaning, hasOwn, facts, isEnabled }: PointsAsked) {
  const held = facts === undefined ? undefined : { count: facts.totals.count, window: facts.window };
  return useQuery({
    queryKey: traceKeys.points({ meaning, hasOwn, held }),
    queryFn: async ({ signal }) => {
      const { startUs = 0, endUs = 0 } = held?.window ?? {};
      const params = factsParams(
        meaning,
        { fromMs: startUs / US_PER_MS, toMs: endUs / US_PER_MS },
        { own: hasOwn ? "true" : "" },
      );
      const reply = await apiFetch(`/api/traces/points?${params}`, { schema: pointsReplySchema, signal });
      return {
        points: toPlotPoints(reply),
        usual: toUsualTimes(reply),
        totalCount: reply.totalCount,
        isSample: reply.totalCount > MAX_POINTS,
      };
    },
    enabled: isEnabled && held !== undefined && held.count > 0,
    // The window and the count are in the key.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60 * MS_PER_SECOND,
    placeholderData: keepPreviousData,
    structuralSharing: false,
  });
}
