"use client";

import { formatShare } from "@/lib/format";
import type { FirstCause } from "../domain/search-view/first-cause";
import { useFirstCause } from "./search/use-first-cause";

/** The first cause of a trace; null when there is none, undefined while nobody knows. */
export function useCauseOf(traceId: string, isEnabled = true): FirstCause | null | undefined {
  return useFirstCause(traceId, isEnabled).data;
}

/** What took the time, and how much of it. Nothing where the diagnosis names nothing, or does not answer. */
export function CauseText({ traceId }: { traceId: string }) {
  const cause = useCauseOf(traceId);
  if (cause == null) return null;
  return (
    <span className="flex min-w-0 items-baseline gap-1.5" title={`${cause.label} ${cause.operation}`}>
      <b className="shrink-0 font-[550]">{cause.label}</b>
      <span className="truncate text-ink-3">{cause.operation}</span>
      {cause.share > 0 && <span className="ml-auto shrink-0 text-ink-2 tabular-nums">{formatShare(cause.share)}</span>}
    </span>
  );
}
