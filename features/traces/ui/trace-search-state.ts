"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import * as z from "zod/mini";
import { apiFetch } from "@/lib/api";
import { withSearch } from "@/lib/routes";
import { type TimeWindow, timeRangeParams, toTimeWindow } from "@/lib/time-range";
import {
  SEARCH_LIMITS,
  type SearchNote,
  type TraceSearchReply,
  toSearchParams,
  traceSearchReplySchema,
} from "../contract";
import { depthWithOwn, leaveOutOwn } from "../domain/own-traces";
import { EMPTY_SEARCH_FORM, parseSearchForm, type SearchForm, type SearchFormField } from "../domain/search-form";
import { parseSummarySort, type SummarySort, toSummarySortText } from "../domain/summary-order";
import { traceKeys } from "../queries";

const LIVE_EVERY_MS = 5000;
const FRESH_FOR_MS = 30_000;
const rangeSchema = z.catch(z.object(timeRangeParams), {});

/** A search's answer with the window it was asked for, which a relative range alone does not tell. */
export type SearchResult = TraceSearchReply & {
  window: TimeWindow;
  /** The console's own traces that matched and are left out; undefined where none are taken out. */
  ownLeftOut: number | undefined;
};

const FIELDS = Object.keys(EMPTY_SEARCH_FORM) as SearchFormField[];

/** The search as the URL has it, and the one way to change it. Everything a colleague must see is in there. */
export function useSearchAddress() {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const form = { ...EMPTY_SEARCH_FORM };
  for (const field of FIELDS) form[field] = params.get(field) ?? "";
  const change = (changes: Record<string, string>, how: "push" | "replace" = "push") => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) {
      if (value.trim() === "") next.delete(name);
      else next.set(name, value.trim());
    }
    router[how](withSearch(pathname, next), { scroll: false });
  };
  return {
    form,
    formKey: FIELDS.map((field) => form[field]).join("\n"),
    range: rangeSchema.parse(Object.fromEntries(params)),
    sort: parseSummarySort(params.get("sort")),
    isLive: params.get("live") === "1",
    /** Whether the console's own traces are among those of all services. */
    hasOwn: params.get("own") === "1",
    submit: (next: SearchForm) => change(next),
    setSort: (sort: SummarySort) => change({ sort: toSummarySortText(sort) }, "replace"),
    setLive: (isLive: boolean) => change({ live: isLive ? "1" : "" }, "replace"),
    setOwn: (hasOwn: boolean) => change({ own: hasOwn ? "1" : "" }, "replace"),
    setWindow: ({ fromMs, toMs }: TimeWindow) =>
      change({ range: "", from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)) }),
    setRange: (range: string) => change({ range, from: "", to: "" }),
  };
}

export type SearchAddress = ReturnType<typeof useSearchAddress>;

type SearchParts = Pick<SearchAddress, "form" | "range" | "isLive" | "hasOwn">;

/**
 * The traces of a search. A relative range moves along with every fetch under one key, so that the last answer stays
 * when the source goes down, and its age can be told. Refused fields are never sent.
 */
export function useTraceSearch({ form, range, isLive, hasOwn }: SearchParts) {
  const { criteria, problems } = parseSearchForm(form, SEARCH_LIMITS);
  const leavesOutOwn = criteria.service === undefined && !hasOwn;
  const query = useQuery({
    queryKey: traceKeys.search(criteria, range, leavesOutOwn),
    queryFn: async ({ signal }): Promise<SearchResult> => {
      const window = toTimeWindow(range, Date.now());
      const limit = leavesOutOwn ? depthWithOwn(criteria.limit, SEARCH_LIMITS.max) : criteria.limit;
      const times = { start: Math.floor(window.fromMs), end: Math.ceil(window.toMs) };
      const search = toSearchParams({ ...criteria, ...times, limit });
      const reply = await apiFetch(`/api/traces?${search}`, { schema: traceSearchReplySchema, signal });
      return { ...(leavesOutOwn ? withoutOwn(reply, criteria.limit) : { ...reply, ownLeftOut: undefined }), window };
    },
    enabled: Object.keys(problems).length === 0,
    // New traces arrive all the time, but a list that moves cannot be read; `live` asks for just that.
    staleTime: isLive ? 0 : FRESH_FOR_MS,
    refetchInterval: isLive ? LIVE_EVERY_MS : false,
    placeholderData: keepPreviousData,
  });
  return { query, criteria, problems };
}

const CUT_NOTE: SearchNote = {
  code: "more_exist",
  text: "More traces match. These are the most recent ones, not the slowest; narrow the search or raise the limit.",
};

/** The console's own traces are noise to whoever looks for an application's; how many were taken out is told. */
function withoutOwn(reply: TraceSearchReply, limit: number): Omit<SearchResult, "window"> {
  const { summaries, ownCount, isCut } = leaveOutOwn(reply.summaries, limit);
  const notes = isCut && !reply.truncated ? [...reply.notes, CUT_NOTE] : reply.notes;
  return { ...reply, summaries, notes, truncated: reply.truncated || isCut, ownLeftOut: ownCount };
}
