import { AppError } from "@/lib/errors";
import { addCallCounts, type CallCount } from "../domain/call-counts";
import { type OwnSummaryFields, ownFieldsOf } from "../domain/own-summary-fields";
import { hasMatch, requiredTokens, type SpanFilter } from "../domain/span-filter";
import { summariseTrace, type TraceSummaryJson } from "../domain/summarise-trace";
import { groupInTurns, groupTrace, type ResourceGroup } from "../domain/trace-groups";
import { type FoundFragment, findFragments, findPieces, type SearchCursor } from "./search-repository";

/** Traces are opened in groups of so many traces, or so many spans: few queries, and no more than two groups in memory. */
const TRACES_PER_READ = 200;
const SPANS_PER_READ = 5000;
/** Of a trace that is only known by its id. */
const LIKELY_SPANS = 100;
const PAGE_WITH_SPANS = 200;
const MAX_PAGE = 5000;
/** Fragments opened in vain before a search gives up: 2 M spans, about ten seconds. */
const MAX_OPENED = 200_000;
/** Call counts are computed on the fly: about 2 s for this many traces. */
export const MAX_COUNTED_TRACES = 5000;

/** Ids of the latest traces with a span that satisfies the filter, latest start first, at most `limit`. */
export async function searchTraceIds(filter: SpanFilter, limit: number): Promise<string[]> {
  return [...(await search(filter, limit)).keys()];
}

/** How many spans of each trace were found, by its id. */
async function search(filter: SpanFilter, limit: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const fragment of candidates(filter, limit)) {
    const { traceId, spanCount } = fragment;
    if (!found.has(traceId) && (await isMatch(fragment, filter))) found.set(traceId, spanCount);
    if (found.size >= limit) break;
  }
  return found;
}

/** Fragments that may hold a match, latest start first, a page at a time. */
async function* candidates(filter: SpanFilter, limit: number): AsyncGenerator<FoundFragment> {
  const tokens = requiredTokens(filter);
  if (tokens === undefined) return;
  const needsSpans = tokens.length > 0 || filter.minDurationNs !== undefined || filter.maxDurationNs !== undefined;
  const pageSize = needsSpans ? PAGE_WITH_SPANS : Math.min(MAX_PAGE, Math.max(PAGE_WITH_SPANS, limit * 2));
  let after: SearchCursor | undefined;
  for (let opened = 0; opened <= MAX_OPENED; opened += needsSpans ? pageSize : 0) {
    const page = await findFragments({ filter, tokens, after, limit: pageSize, needsSpans });
    yield* page;
    after = page.at(-1)?.cursor;
    if (page.length < pageSize) return;
  }
  throw new AppError("unavailable", "The search is too wide: too many spans come close. Narrow the time range.");
}

/** A fragment chosen by service alone matches as a whole, unless it reaches over the edge of the time range. */
async function isMatch({ spans, isWhollyInside, traceId }: FoundFragment, filter: SpanFilter): Promise<boolean> {
  if (spans !== undefined) return hasMatch(groupTrace([spans]), filter);
  if (isWhollyInside) return true;
  const pieces = await findPieces([traceId]);
  return hasMatch(groupTrace(pieces.get(traceId) ?? []), filter);
}

/** Summaries of the traces that satisfy the filter, latest first; with more of each than Jaeger tells, if that is asked. */
export async function searchSummaries(
  filter: SpanFilter,
  limit: number,
  withOwnFields = false,
): Promise<(TraceSummaryJson & Partial<OwnSummaryFields>)[]> {
  const summaries: (TraceSummaryJson & Partial<OwnSummaryFields>)[] = [];
  const found = await search(filter, limit);
  for await (const { traceId, groups } of openTraces([...found.keys()], found)) {
    summaries.push({ ...summariseTrace(traceId, groups), ...(withOwnFields ? ownFieldsOf(groups) : {}) });
  }
  return summaries;
}

/**
 * Opens traces in the order given; ids without spans are passed over. The next group is read while this one is worked on.
 * `spanCounts`: spans of a trace as far as known.
 */
export async function* openTraces(
  traceIds: readonly string[],
  spanCounts: ReadonlyMap<string, number> = new Map(),
): AsyncGenerator<{ traceId: string; groups: ResourceGroup[] }> {
  const groups = groupsOf(traceIds, spanCounts);
  let coming = readGroup(groups[0] ?? []);
  for (const [at, ids] of groups.entries()) {
    const pieces = await coming;
    coming = readGroup(groups[at + 1] ?? []);
    for (const traceId of ids) {
      const own = pieces.get(traceId);
      pieces.delete(traceId);
      if (own !== undefined) yield { traceId, groups: await groupGently(own) };
    }
  }
}

/** Groups a trace of any size without keeping arriving spans waiting. */
async function groupGently(pieces: readonly Buffer[]): Promise<ResourceGroup[]> {
  const steps = groupInTurns(pieces);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function readGroup(ids: readonly string[]): ReturnType<typeof findPieces> {
  const pieces = findPieces(ids);
  // Whoever reads no further does not wait for it; a failure counts when it is waited for.
  pieces.catch(() => {});
  return pieces;
}

function groupsOf(traceIds: readonly string[], spanCounts: ReadonlyMap<string, number>): string[][] {
  const groups: string[][] = [];
  let spans = Number.POSITIVE_INFINITY;
  for (const traceId of traceIds) {
    const group = groups.at(-1);
    const weight = spanCounts.get(traceId) ?? LIKELY_SPANS;
    if (group === undefined || group.length >= TRACES_PER_READ || spans + weight > SPANS_PER_READ) {
      groups.push([traceId]);
      spans = weight;
    } else {
      group.push(traceId);
      spans += weight;
    }
  }
  return groups;
}

/** Calls between services in traces that start within the range; `isCut` when only the latest of them were counted. */
export async function countCalls(
  minStartNs: bigint,
  maxStartNs: bigint,
  maxTraces = MAX_COUNTED_TRACES,
): Promise<{ calls: CallCount[]; isCut: boolean }> {
  const counts = new Map<string, CallCount>();
  const traceIds = await searchTraceIds({ minStartNs, maxStartNs, attributes: new Map() }, maxTraces + 1);
  const counted = traceIds.slice(0, maxTraces);
  for await (const { groups } of openTraces(counted)) addCallCounts(counts, groups);
  return { calls: [...counts.values()], isCut: counted.length < traceIds.length };
}
