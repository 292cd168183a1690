import type { SourceAnswer, SourceSearch, TraceSource } from "../trace-source";
import { findPage, NO_FILTER } from "./fact-query-repository";
import type { FactTable } from "./fact-table";

/** Summaries looked through for one question, at most. */
const MOST_SEEN = 20_000;
const WAIT_MS = 800;

/**
 * The search of a source, answered by the fact table where that holds every trace of the window: it knows them all, a
 * source only its newest page. Attributes, and windows that are not read whole, are left to the source.
 */
export function searchFacts(table: FactTable): Pick<TraceSource, "searchTraces"> {
  return {
    searchTraces: async (search, signal) =>
      (Object.keys(search.attributes).length === 0 ? await answerOf(table, search, signal) : undefined) ??
      table.source.searchTraces(search, signal),
  };
}

async function answerOf(
  table: FactTable,
  { startUs, endUs, service, operation }: SourceSearch,
  signal?: AbortSignal,
): Promise<SourceAnswer | undefined> {
  const window = { fromUs: startUs, toUs: endUs };
  await table.filler.fill(window, { waitMs: WAIT_MS, signal });
  const { complete, truncatedCount } = await table.coverageOf(window);
  if (complete < 1 || truncatedCount > 0) return undefined;
  const scope = { sourceId: await table.sourceId(), window, filters: { ...NO_FILTER, own: true, service, operation } };
  const newestFirst = { sort: "start", order: "desc", after: undefined } as const;
  const summaries = await findPage(scope, { ...newestFirst, limit: MOST_SEEN });
  // An operation below the root is not known to the fact table.
  if (summaries.length === 0 && operation !== undefined) return undefined;
  return { summaries, isFull: summaries.length === MOST_SEEN, notes: [], latencyMs: 0 };
}
