"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import type { TimeWindow } from "@/lib/time-range";
import { bubbleUpReplySchema } from "../../contract";
import type { Brush } from "../../domain/search-view/brush";
import { bubbleUpBody } from "../../domain/search-view/facts-request";
import { traceKeys } from "../../queries";

type BubbleUpAsked = { line: string; window: TimeWindow | undefined; brush: Brush | undefined; isWanted: boolean };

/** What sets a selection apart from the rest of the search. Reads up to 200 traces, so a source that is slow is asked on demand. */
export function useBubbleUp({ line, window, brush, isWanted }: BubbleUpAsked) {
  const client = useQueryClient();
  const queryKey = traceKeys.bubbleUp({ line, brush });
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      if (window === undefined || brush === undefined) throw new Error("Nothing is selected.");
      return apiFetch("/api/traces/bubble-up", {
        schema: bubbleUpReplySchema,
        json: bubbleUpBody(line, window, brush),
        signal,
      });
    },
    enabled: isWanted && window !== undefined && brush !== undefined,
    // The same selection of the same search is told once; reading it again costs two hundred traces.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return { query, cancel: () => void client.cancelQueries({ queryKey }) };
}
