"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import { firstCauseReplySchema, toFirstCause } from "../../domain/search-view/first-cause";
import { traceKeys } from "../../queries";

/** Each one opens a whole trace on the server; two at a time leave room for what the reader asks for. */
const MOST_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

/** The first cause of a trace, found while its row is on screen; null where none is named. */
export function useFirstCause(traceId: string, isEnabled = true) {
  return useQuery({ ...firstCauseQuery(traceId), enabled: isEnabled });
}

/** The first cause of a trace; two are asked for at a time. */
export function firstCauseQuery(traceId: string) {
  return queryOptions({
    queryKey: traceKeys.firstCause(traceId),
    queryFn: ({ signal }) =>
      taken(signal, async () =>
        toFirstCause(
          await apiFetch(`/api/traces/${encodeURIComponent(traceId)}/findings`, {
            schema: firstCauseReplySchema,
            signal,
          }),
        ),
      ),
    // A trace that still grows is told by its own page.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Runs `work` when a place is free; a row that left the screen meanwhile gives its place away. */
async function taken<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
