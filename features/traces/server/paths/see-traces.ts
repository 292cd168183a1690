import type { TraceSummary } from "@/features/traces/contract";
import { isOwnService } from "@/features/traces/domain/own-traces";
import type { GroupSearch } from "@/features/traces/domain/paths/paths-query-schema";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import type { SourceSearch } from "../trace-source";
import { type SearchPort, searchGently } from "./search-gently";

/** Summaries asked for; what Jaeger's own page allows, too. */
const MAX_SEEN = 1_500;

export type SeenTraces = {
  summaries: TraceSummary[];
  /** Whether these are all that match. */
  isWhole: boolean;
  startUs: number;
  endUs: number;
};

/**
 * The traces a search finds, as far as the source gives them, by their own duration. When the operation is the root of
 * some of them, the others (which only pass through it) are left out: they are not requests of that kind.
 */
export async function seeTraces(
  source: SearchPort,
  search: GroupSearch,
  { nowMs, signal }: { nowMs: number; signal?: AbortSignal | undefined },
): Promise<SeenTraces> {
  const settled = toSourceSearch(search, nowMs);
  const answer = await searchGently(source, settled, signal);
  const { minDurationUs = 0, maxDurationUs = Number.POSITIVE_INFINITY } = search;
  const within = answer.summaries.filter(
    ({ durationUs, rootService }) =>
      durationUs >= minDurationUs &&
      durationUs <= maxDurationUs &&
      (search.service !== undefined || !isOwnService(rootService)),
  );
  return {
    summaries: onlyRequests(within, search),
    isWhole: !answer.isFull,
    startUs: settled.startUs,
    endUs: settled.endUs,
  };
}

function toSourceSearch(search: GroupSearch, nowMs: number): SourceSearch {
  const endMs = search.end ?? nowMs;
  return {
    service: search.service,
    operation: search.operation,
    attributes: search.attributes ?? {},
    startUs: (search.start ?? Math.max(0, endMs - MS_PER_HOUR)) * US_PER_MS,
    endUs: endMs * US_PER_MS,
    // Jaeger matches single spans; a trace of many short ones would be missed, but for the slowest this saves most work.
    minDurationUs: search.minDurationUs,
    depth: MAX_SEEN,
  };
}

function onlyRequests(summaries: TraceSummary[], { service, operation }: GroupSearch): TraceSummary[] {
  if (operation === undefined) return summaries;
  const requests = summaries.filter(
    ({ rootService, rootOperation }) =>
      rootOperation === operation && (service === undefined || rootService === service),
  );
  return requests.length > 0 ? requests : summaries;
}
