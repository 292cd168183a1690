"use client";

import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import { US_PER_MS } from "@/lib/units";
import { type DurationQuantiles, SEARCH_LIMITS, type SlowestBy, type TraceSummary } from "../../contract";
import { parseQueryLine, type QueryProblem } from "../../domain/query/parse-query-line";
import { toFactMeaning, toSearchMeaning } from "../../domain/query/query-meaning";
import { durationQuantileUs } from "../../domain/scatter-scale";
import { isInBrush } from "../../domain/search-view/brush";
import { isRankable } from "../../domain/search-view/facts-request";
import { pointsOfSummaries } from "../../domain/search-view/plot-points";
import type { SearchRank } from "../../domain/search-view/search-address";
import { parseSummarySort, type SummarySort, sortSummaries } from "../../domain/summary-order";
import { useFacts, usePoints } from "./use-facts";
import { useRanking } from "./use-ranking";
import type { SearchAddress } from "./use-search-view";
import { useSpanSearch } from "./use-span-search";

/** What the source can be asked to prove. */
const RANK_BY: Partial<Record<SearchRank, SlowestBy>> = { slowest: "duration", errors: "errors", spans: "spans" };
const RANK_SORT: Record<Exclude<SearchRank, "newest">, SummarySort["by"]> = {
  slowest: "duration",
  usual: "usual",
  errors: "errors",
  spans: "spans",
};
/** A ranking lists so many, unless the reader asks for more rows at a time. */
const RANKED = 50;
const MOST_RANKED = 200;

/** What a search found, from whichever of the three sources the view asks: fact table, proven ranking, Jaeger's own search. */
export function useFound(address: SearchAddress) {
  const asked = useAsked(address);
  const facts = useFactsFound(address, asked);
  const ranking = useRankingFound(address, asked);
  useRankedAgain(ranking, facts.base.dataUpdatedAt, facts.shown.totals?.count);
  const spans = useSpansFound(address, asked);
  const { view } = address;
  const { isSpans, isRanked, sort } = asked;
  const rows = useRows({
    given: isSpans ? spans.data?.summaries : isRanked ? ranking.query.data?.traces : undefined,
    pages: facts.list.data?.pages,
    sort: isRanked && address.sortText === null ? undefined : sort,
    brush: view.isOnlySelection ? view.brush : undefined,
    isLocal: isSpans || isRanked,
  });
  const main = isSpans ? spans.query : facts.base;
  const { list } = facts;
  /** Our own answer is of now, and what is in it is not: the source does not tell more. */
  const isUnheard = !isSpans && facts.shown.facts?.coverage.filling === "failing";
  return {
    ...asked,
    ...(isSpans ? spans.shown : facts.shown),
    rows,
    ranking,
    spans: isSpans ? spans.data : undefined,
    usual: facts.usual,
    isPending: main.data === undefined && !main.isError,
    awaited: { queryKey: main.queryKey, isFetching: main.fetchStatus !== "idle" },
    error: main.error,
    isSlow: main.isSlow,
    isStale: main.isError || main.isPlaceholderData || main.isSlow,
    isUnheard,
    isFetching: main.isFetching || ranking.query.isFetching,
    updatedAt: main.dataUpdatedAt,
    hasMore: !isSpans && !isRanked && list.hasNextPage,
    loadMore: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
    refresh: () => {
      if (isSpans) void spans.query.refetch();
      else facts.base.reread();
      if (isRanked) void ranking.query.refetch();
    },
  };
}

/** What the address asks for, and what is wrong with it. */
function useAsked({ view, sortText }: SearchAddress) {
  const { terms, problems } = useMemo(() => parseQueryLine(view.line), [view.line]);
  const meaning = useMemo(() => toFactMeaning(terms), [terms]);
  const { limit, limitProblem } = readLimit(view.limit);
  const isSpans = view.matches === "spans";
  return {
    terms,
    meaning,
    limit,
    isSpans,
    isRanked: RANK_BY[view.rank] !== undefined && !isSpans && isRankable(view.line),
    sort: sortOf(view.rank, sortText),
    hasFilter: terms.length > 0,
    problems: limitProblem === undefined ? problems : [...problems, limitProblem],
    isRefused: problems.length > 0 || limitProblem !== undefined,
    leftOut: isSpans ? toSearchMeaning(terms).leftOut : [],
  };
}

type Asked = ReturnType<typeof useAsked>;

/** The fact table: totals and pictures of all that match, pages of the list, every trace as a point. */
function useFactsFound({ view, range }: SearchAddress, { meaning, limit, isSpans, isRanked, isRefused, sort }: Asked) {
  const isEnabled = !isSpans && !isRefused;
  const common = { meaning, range, hasOwn: view.hasOwn, isLive: view.isLive, sort: isRanked ? NEWEST : sort };
  // A ranking lists its own traces; here it needs the totals.
  const base = useFacts({ ...common, limit: isRanked ? 1 : limit, within: undefined, isEnabled });
  const within = view.isOnlySelection && !isRanked ? view.brush : undefined;
  const narrowed = useFacts({ ...common, limit, within, isEnabled: isEnabled && within !== undefined });
  const facts = base.data?.pages[0];
  const points = usePoints({ meaning, hasOwn: view.hasOwn, facts, isEnabled });
  return {
    base,
    list: within === undefined ? base : narrowed,
    usual: points.data?.usual,
    shown: {
      facts,
      points: points.data?.points,
      isSample: points.data?.isSample === true,
      window: facts && { fromMs: facts.window.startUs / US_PER_MS, toMs: facts.window.endUs / US_PER_MS },
      totals: facts?.totals,
      quantiles: facts?.quantiles ?? undefined,
    },
  };
}

const NEWEST = parseSummarySort(null);

function useRankingFound({ view, range }: SearchAddress, { meaning, limit, isRanked, isRefused }: Asked) {
  return useRanking({
    by: RANK_BY[view.rank] ?? "duration",
    meaning,
    range,
    hasOwn: view.hasOwn,
    limit: view.limit === "" ? RANKED : Math.min(limit, MOST_RANKED),
    isEnabled: isRanked && !isRefused,
  });
}

/**
 * Ranks again, once for each answer of the fact table, where that holds more traces than the ranking took for all of them:
 * both are asked at the same time, and traces may have come in between.
 */
function useRankedAgain({ query }: ReturnType<typeof useRanking>, factsAt: number, count: number | undefined): void {
  const askedAt = useRef(0);
  const again = useEffectEvent(() => {
    const result = query.data;
    const isBehind = result?.isSeenWhole === true && count !== undefined && count > result.seenCount;
    if (!isBehind || query.isFetching || askedAt.current === factsAt) return;
    askedAt.current = factsAt;
    void query.refetch();
  });
  // Outside system: the server, whose fact table has grown.
  // biome-ignore lint/correctness/useExhaustiveDependencies: either answer may show that the ranking is behind
  useEffect(() => again(), [factsAt, query.dataUpdatedAt]);
}

/** Jaeger's own search: all figures are of what it gave. */
function useSpansFound({ view, range }: SearchAddress, { terms, limit, isSpans, isRefused }: Asked) {
  const { search } = toSearchMeaning(terms);
  const { isLive, hasOwn } = view;
  const isEnabled = isSpans && !isRefused;
  const query = useSpanSearch({ criteria: { ...search, limit }, range, isLive, hasOwn, isEnabled });
  const { data } = query;
  const points = useMemo(() => (data === undefined ? undefined : pointsOfSummaries(data.summaries)), [data]);
  return {
    query,
    data,
    shown: {
      facts: undefined,
      points,
      isSample: false,
      window: data?.window,
      totals: countsOf(data?.summaries),
      quantiles: quantilesOf(points),
    },
  };
}

export type Found = ReturnType<typeof useFound>;

type RowsInput = {
  given: readonly TraceSummary[] | undefined;
  pages: readonly { page: TraceSummary[] }[] | undefined;
  sort: SummarySort | undefined;
  brush: SearchAddress["view"]["brush"];
  isLocal: boolean;
};

/** The rows in their order. Pages come in order from the server; the rest is sorted and narrowed here. */
function useRows({ given, pages, sort, brush, isLocal }: RowsInput): readonly TraceSummary[] {
  return useMemo(() => {
    if (!isLocal) return pages?.flatMap(({ page }) => page) ?? [];
    const kept = (given ?? []).filter(
      ({ startUs, durationUs }) =>
        brush === undefined || isInBrush(brush, { startMs: startUs / US_PER_MS, durationUs }),
    );
    return sort === undefined ? kept : sortSummaries(kept, sort);
  }, [given, pages, sort, brush, isLocal]);
}

function sortOf(rank: SearchRank, text: string | null): SummarySort {
  if (text !== null || rank === "newest") return parseSummarySort(text);
  return { by: RANK_SORT[rank], direction: "descending" };
}

function readLimit(text: string): { limit: number; limitProblem: QueryProblem | undefined } {
  if (text === "") return { limit: SEARCH_LIMITS.default, limitProblem: undefined };
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= SEARCH_LIMITS.max) return { limit, limitProblem: undefined };
  const message = `Ask for 1 to ${SEARCH_LIMITS.max.toLocaleString("en-US")} traces.`;
  return { limit: SEARCH_LIMITS.default, limitProblem: { from: 0, to: 0, message } };
}

function countsOf(summaries: readonly TraceSummary[] | undefined) {
  if (summaries === undefined) return undefined;
  return { count: summaries.length, errorCount: summaries.filter(({ errorSpanCount }) => errorSpanCount > 0).length };
}

function quantilesOf(points: Parameters<typeof durationQuantileUs>[0] | undefined): DurationQuantiles | undefined {
  if (points === undefined || points.length === 0) return undefined;
  const at = (share: number) => durationQuantileUs(points, share) ?? 0;
  return { p50Us: at(0.5), p75Us: at(0.75), p90Us: at(0.9), p95Us: at(0.95), p99Us: at(0.99) };
}
