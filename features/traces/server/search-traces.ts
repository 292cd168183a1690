import type { SearchNote, TraceSearch, TraceSearchReply, TraceSummary } from "@/features/traces/contract";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import type { JaegerSource } from "./jaeger/jaeger-source";

const DEPTH_FACTOR_WITH_MAXIMUM = 4;
const MAX_DEPTH = 1500;

/**
 * Traces that match, newest first. One more than asked for is fetched, to know whether there are more. Jaeger's duration
 * filters match single spans: the minimum goes along to save work, then both bounds are applied to the trace.
 */
export async function searchSource(
  source: JaegerSource,
  search: TraceSearch,
  { nowMs, signal }: { nowMs: number; signal?: AbortSignal | undefined },
): Promise<TraceSearchReply> {
  const endMs = search.end ?? nowMs;
  const depth = depthOf(search);
  const answer = await source.searchTraces(
    {
      service: search.service,
      operation: search.operation,
      attributes: search.attributes ?? {},
      startUs: (search.start ?? Math.max(0, endMs - MS_PER_HOUR)) * US_PER_MS,
      endUs: endMs * US_PER_MS,
      minDurationUs: search.minDurationUs,
      depth,
    },
    signal,
  );
  const matching = answer.summaries.filter((summary) => isWithin(summary, search)).sort(byNewest);
  const truncated = answer.isFull || matching.length > search.limit;
  return {
    summaries: matching.slice(0, search.limit),
    truncated,
    notes: [...notesOf(search, truncated), ...answer.notes],
    source: source.info({ latencyMs: answer.latencyMs, fetchedAtMs: nowMs }),
  };
}

/** Where the maximum duration throws traces away afterwards, more are asked for. */
function depthOf({ limit, maxDurationUs }: TraceSearch): number {
  if (maxDurationUs === undefined) return limit + 1;
  return Math.min(MAX_DEPTH, limit * DEPTH_FACTOR_WITH_MAXIMUM) + 1;
}

function isWithin({ durationUs }: TraceSummary, { minDurationUs, maxDurationUs }: TraceSearch): boolean {
  return durationUs >= (minDurationUs ?? 0) && durationUs <= (maxDurationUs ?? Number.POSITIVE_INFINITY);
}

function byNewest(a: TraceSummary, b: TraceSummary): number {
  return b.startUs - a.startUs || (a.traceId < b.traceId ? -1 : 1);
}

function notesOf(search: TraceSearch, truncated: boolean): SearchNote[] {
  const notes: SearchNote[] = [];
  if (search.minDurationUs !== undefined) {
    notes.push({
      code: "duration_matches_spans",
      text: "The trace source looks for a single span of the minimum duration. A longer trace made only of shorter spans is not found.",
    });
  }
  if (truncated) {
    notes.push({
      code: "more_exist",
      text: "More traces match. These are some of the recent ones, not the slowest; narrow the search or raise the limit.",
    });
  }
  return notes;
}
