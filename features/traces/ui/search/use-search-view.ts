"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import * as z from "zod/mini";
import { withSearch } from "@/lib/routes";
import { type TimeWindow, timeRangeParams } from "@/lib/time-range";
import { parseSearchView, type SearchView, toSearchParamsOf } from "../../domain/search-view/search-address";

const rangeSchema = z.catch(z.object(timeRangeParams), {});
type How = "push" | "replace";

/**
 * The search as the URL has it, and the one way to change it. The history is written by itself, not through the router:
 * nothing on the server depends on these parameters, so nothing is asked there.
 */
export function useSearchView() {
  const pathname = usePathname();
  const params = useSearchParams();
  const view = useMemo(() => parseSearchView(params), [params]);
  const range = useMemo(() => rangeSchema.parse(Object.fromEntries(params)), [params]);
  const write = (changes: Record<string, string>, how: How) => {
    // Two changes in one turn: the second builds on the first.
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value.trim() === "") next.delete(name);
      else next.set(name, value.trim());
    }
    const address = withSearch(pathname, next);
    // Writing the address ends a navigation that is under way, so one that changes nothing is not written.
    if (address === withSearch(pathname, new URLSearchParams(window.location.search))) return;
    if (how === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  };
  const change = (changes: Partial<SearchView>, how: How = "push") => {
    const isNewSearch = changes.line !== undefined || changes.rank !== undefined;
    write(toSearchParamsOf(isNewSearch ? { row: undefined, ...changes } : changes), how);
  };
  return {
    view,
    range,
    change,
    /** Changes of the view and the time window in one step back. */
    setWindow: ({ fromMs, toMs }: TimeWindow, changes: Partial<SearchView> = {}) =>
      write(
        {
          ...toSearchParamsOf(changes),
          range: "",
          from: String(Math.floor(fromMs)),
          to: String(Math.ceil(toMs)),
        },
        "push",
      ),
    setRange: (name: string) => write({ range: name, from: "", to: "" }, "push"),
    sortText: params.get("sort"),
    setSort: (sort: string) => write({ sort, row: "" }, "replace"),
    /** The page's parameters as a saved search keeps them. */
    paramsText: params.toString(),
    open: (query: string) => window.history.pushState(null, "", withSearch(pathname, new URLSearchParams(query))),
  };
}

export type SearchAddress = ReturnType<typeof useSearchView>;
